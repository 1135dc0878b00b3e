"""A folder of one's own pictures becomes a data set to train on, from then on one of the choices."""

from __future__ import annotations

from typing import Final

import streamlit as st

from cnn.datasets import own_pictures
from cnn.datasets.own_pictures import FEWEST_A_CLASS, FORM, OwnPictures, PictureFile
from cnn.errors import ConvScopeError
from cnn.evaluation import photo_set
from cnn.evaluation.photo_set import FolderPhoto
from cnn.home import home_folder
from ui.resources.person import person
from ui.selection import photo_upload
from ui.text.verbatim import verbatim

MOST_PHOTOS: Final = 2_000
MOST_BYTES: Final = 300 * 2**20  # of all files together: the server holds them until they are small
LISTED: Final = 5  # files that are named one by one
NEXT: Final = "train:next data"  # in the session: the set that is to be chosen when the page runs again
TAKEN: Final = "train:pictures"  # in the session: the files that were taken in, the set, and what was left out


def bring_pictures() -> None:
    """Ask for a folder; once it is taken in, `choose_brought` chooses it."""
    with st.expander("Bring a folder of your own pictures"):
        st.markdown(
            f"{FORM.format('cat')} At least two classes of {FEWEST_A_CLASS} pictures; at most {MOST_PHOTOS:,} "
            f"pictures and {MOST_BYTES // 2**20} MB are taken. For more: "
            "`python -m cnn train lenet --data FOLDER --name mine`."
        )
        files = st.file_uploader(
            "A folder of pictures, with a folder a class",
            type=list(photo_upload.TYPES),
            accept_multiple_files="directory",
            max_upload_size=photo_upload.MOST_MB,
            key="train folder",
        )
        brought = tuple(file.file_id for file in files)
        taken: tuple[tuple[str, ...], OwnPictures, list[str]] | None = st.session_state.get(TAKEN)
        if brought and (taken is None or taken[0] != brought):
            every = (FolderPhoto(file.name, file.getvalue()) for file in files)
            photos = photo_set.bounded_photos(every, MOST_PHOTOS, MOST_BYTES)
            try:
                kept, skipped = _keep(photos)
            except ConvScopeError as error:
                st.warning(verbatim(str(error)))
                return
            left = len(files) - len(photos)
            more = [f"{left:,} of {len(files):,} files were left out: they are too many."] if left else []
            st.session_state[TAKEN] = taken = brought, kept, [*more, *skipped]
            st.session_state[NEXT] = kept.name
            st.rerun()
        if taken:
            _tell(taken[1], taken[2])


def choose_brought(choice: str) -> None:
    """Choose the set that was just taken in; called before the widget `choice` is there."""
    if name := st.session_state.pop(NEXT, ""):
        st.session_state[choice] = name


def _keep(photos: tuple[FolderPhoto, ...]) -> tuple[OwnPictures, list[str]]:
    progress = st.progress(0.0, "Reading your pictures")

    def tell(done: int) -> None:
        progress.progress(done / len(photos), f"Reading picture {done} of {len(photos)}")

    try:
        return own_pictures.keep_pictures(
            own_pictures.folder_title(one.path for one in photos),
            [PictureFile(one.folder, one.name, lambda one=one: one.data) for one in photos],  # type: ignore[misc]
            person(),
            tell,
        )
    finally:
        progress.empty()


def _tell(kept: OwnPictures, skipped: list[str]) -> None:
    """Say what was taken in and where it lies, and what was left out."""
    st.caption(
        f"{kept.title}: {kept.training:,} pictures to learn from, {kept.validation:,} to measure each moment on and "
        f"{kept.test:,} to test with, of {len(kept.classes)} classes. They stay as 32x32 pixels in "
        f"{verbatim(str(home_folder() / own_pictures.FOLDER / kept.name))}, until you delete that folder."
    )
    if skipped:
        more = [f"and {len(skipped) - LISTED} more"] if len(skipped) > LISTED else []
        st.warning("Left out:\n" + "\n".join(f"- {verbatim(one)}" for one in [*skipped[:LISTED], *more]))
