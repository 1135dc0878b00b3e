"""What happens in this clip: networks answer frame by frame, side by side, over time."""

import streamlit as st

from cnn.inference.video_classification import Timeline
from ui import page
from ui.ask import video_answers
from ui.ask.video_answers import ClipWork
from ui.components.download import download_button
from ui.components.video_timeline import video_timeline
from ui.resources import network_cache
from ui.selection import eyes_only, video_upload
from ui.text import out_of_distribution
from ui.text.glossary import term

KEY = "video"

page.title("Video: what happens when?")
eyes_only.explain_link()
st.markdown(
    f"Pick a clip, or bring your own. Each {term('network')} says what it sees over time; jump to where they disagree."
)


@st.fragment
def study(work: ClipWork, shown: Timeline) -> None:
    """Show the answers over time; runs again with every chosen frame."""
    seconds, name = work.clip.seconds, ":".join(map(str, work.name))
    told = video_answers.with_class_counts(shown)
    at = video_timeline.render_video_timeline(told, work.pictures, seconds, f"{KEY}:{name}")
    csv, png = st.columns(2)
    with csv:
        download_button(
            "Download all answers (CSV)",
            lambda: video_answers.timeline_csv(shown),
            "answers-over-time.csv",
            width="stretch",
        )
    with png:
        download_button(
            f"Download the frame at {shown.times[at]:.1f} s (PNG)",
            lambda: video_answers.frame_png(work.clip, at),
            f"frame-{at + 1}.png",
            width="stretch",
        )


brought = video_upload.choose_clip(KEY)
left, right = st.container(key="networks-and-frames").columns([2, 1], gap="medium")
with left:
    names = video_answers.choose_networks()
with right:
    count = video_answers.choose_frame_count()
if not names:
    st.info("Choose at least one network.")
    st.stop()
work = video_answers.classify_clip(brought, count, names)  # not in a fragment: a click could not end its run
shown = video_answers.timelines(work, names)
if shown is not None:
    study(work, shown)
if note := out_of_distribution.limits_note([network_cache.cached_card(name) for name in names]):
    st.caption(note)
st.caption(
    "Each frame is answered alone: these networks know no motion. A network that follows movement would be "
    "shown several frames at once; here an answer changes only because the picture does."
)
