"""What happens in this clip: networks answer frame by frame, side by side, over time."""

import streamlit as st

from cnn.timeline import Timeline
from ui import clips, shell, timeline, video_lab
from ui.video_lab import Work

KEY = "video"

shell.title("What happens in this clip?")
st.markdown("Pick a clip, or bring your own. Each network says what it sees over time; jump to where they disagree.")


@st.fragment
def study(work: Work, shown: Timeline) -> None:
    """Show the answers over time; runs again with every chosen frame."""
    seconds, name = work.clip.seconds, ":".join(map(str, work.name))
    at = timeline.timeline(shown, work.pictures, seconds, f"{KEY}:{name}")
    csv, png = st.columns(2)
    csv.download_button(
        "All answers as CSV",
        lambda: video_lab.table(shown),
        "answers-over-time.csv",
        "text/csv",
        on_click="ignore",
        width="stretch",
    )
    png.download_button(
        f"The frame at {shown.times[at]:.1f} s as PNG",
        lambda: video_lab.picture(work.clip, at),
        f"frame-{at + 1}.png",
        "image/png",
        on_click="ignore",
        width="stretch",
    )


brought = clips.clip(KEY)
left, right = st.columns([2, 1], gap="medium")
with left:
    names = video_lab.networks()
with right:
    count = video_lab.frames()
if not names:
    st.info("Choose at least one network.")
    st.stop()
work = video_lab.study(brought, count, names)  # not in a fragment: a click could not end its run
shown = video_lab.answers(work, names)
if shown is not None:
    study(work, shown)
st.caption(
    "Each frame is answered alone: these networks know no motion. A network that follows movement would be "
    "shown several frames at once; here an answer changes only because the picture does."
)
