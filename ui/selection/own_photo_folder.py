"""A folder of one's own photos, brought once for every page that measures on a set; gone with the session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from cnn.datasets.evaluation_sets import PictureSet
from cnn.datasets.own_pictures import FORM
from cnn.errors import BadInput
from cnn.evaluation import photo_set
from cnn.evaluation.photo_set import FolderPhoto, PhotoSet
from cnn.zoo import Network
from ui.selection import photo_upload
from ui.text.verbatim import verbatim

KEPT: Final = "inputs:folder"  # in the session, since uploaders forget on a change of page
LISTED: Final = 5  # files or folders that are named one by one


@dataclass(frozen=True, slots=True, eq=False)
class OwnFolder:
    """What was brought, as it came.

    Attributes:
        files: as the uploader numbers them.
        photos: of them that are taken.
        sets: by data set, or why there is none.
    """

    files: tuple[str, ...]
    photos: tuple[FolderPhoto, ...]
    sets: dict[str, PhotoSet | str] = field(default_factory=dict)


def choose_own_sets(networks: Sequence[Network], key: str) -> list[PhotoSet]:
    """Ask for a folder of photos, and give it as a set for each data set of `networks` that knows photos.

    Args:
        networks: at least one of each data set that is asked about.
        key: of the widgets, unique on the page.
    """
    first = {one.card.data: one for one in reversed(networks) if one.card.data in photo_set.NAMES}
    if not first:
        return []
    with st.expander("Bring a folder of your own photos"):
        classes = next(iter(first.values())).card.classes
        st.markdown(
            f"{FORM.format(classes[0])} A label such as 0 does, too; for ImageNet also a synset such as "
            f"n02123045. At most {photo_set.MOST_PHOTOS} photos are taken, {photo_set.MOST_BYTES // 2**20} MB together."
        )
        files = st.file_uploader(
            "A folder of photos, with a folder a class",
            type=list(photo_upload.TYPES),
            accept_multiple_files="directory",
            max_upload_size=photo_upload.MOST_MB,
            key=f"{key} folder",
            on_change=_forget_removed,
            args=(f"{key} folder",),
        )
        kept = _kept(files)
        found = [_set(kept, network) for network in first.values()] if kept else []
        if kept and not files:
            st.caption("The folder that you brought before is still here.")
            st.button("Forget it", on_click=_forget, key=f"{key} forget folder")
    return [one for one in found if one is not None]


def set_title(one: PictureSet) -> str:
    """Begin a set's title with a capital, for a control."""
    return one.title[:1].upper() + one.title[1:]


def _kept(files: Sequence[UploadedFile]) -> OwnFolder | None:
    """Take in what was brought, once; give what is here."""
    before: OwnFolder | None = st.session_state.get(KEPT)
    brought = tuple(file.file_id for file in files)
    if brought and (before is None or before.files != brought):
        photos = photo_set.bounded_photos(FolderPhoto(file.name, file.getvalue()) for file in files)
        st.session_state[KEPT] = OwnFolder(brought, photos)
    kept: OwnFolder | None = st.session_state.get(KEPT)
    if kept is not None and len(kept.photos) < len(kept.files):
        st.caption(f"{len(kept.photos):,} of the {len(kept.files):,} files are taken, drawn from all folders.")
    return kept


def _forget_removed(widget: str) -> None:
    """Forget what the person has just removed; an uploader that begins anew on a change of page calls nobody."""
    if not st.session_state[widget]:
        _forget()


def _forget() -> None:
    st.session_state.pop(KEPT, None)


def _set(folder: OwnFolder, network: Network) -> PhotoSet | None:
    """Read the photos for the networks of a data set, once; where that fails, say why."""
    data = network.card.data
    if data not in folder.sets:
        progress = st.progress(0.0, "Reading your photos")

        def tell(done: int, of: int) -> None:
            progress.progress(done / of, f"Reading photo {done} of {of}")

        try:
            folder.sets[data] = photo_set.read_photo_set(folder.photos, network, tell)
        except BadInput as error:
            folder.sets[data] = str(error)
        progress.empty()
    found = folder.sets[data]
    if isinstance(found, str):
        st.warning(verbatim(found))
        return None
    st.caption(f"{photo_set.NAMES[data]}: {_read(found)}")
    if found.skipped:
        more = [f"and {len(found.skipped) - LISTED} more"] if len(found.skipped) > LISTED else []
        st.warning("Left out:\n" + "\n".join(f"- {verbatim(one)}" for one in [*found.skipped[:LISTED], *more]))
    return found


def _read(found: PhotoSet) -> str:
    classes = len(set(found.labels))
    photos = f"{found.pictures:,} photos" if found.pictures > 1 else "one photo"
    return f"{photos} of {f'{classes} classes' if classes > 1 else 'one class'}, for every page that measures on a set."
