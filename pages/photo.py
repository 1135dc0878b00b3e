"""What is in this photo: bring some, pick a network, see what it answers and where it looked."""

import streamlit as st

from cnn.zoo import Network
from ui import page
from ui.ask import photo_answers, photo_attribution
from ui.components.class_ranking import class_ranking
from ui.components.download import download_button
from ui.guide import follow
from ui.resources import network_cache, network_download, photos
from ui.selection import eyes_only, input_picker, network_picker
from ui.text import out_of_distribution
from ui.text.glossary import term

KEY = "photo"

page.title("Photo: what is in it?")
eyes_only.explain_link()
st.markdown(
    f"Pick a photo or bring your own. A {term('network')} names what it sees, and how sure it is, its "
    f"{term('confidence')}; click a name to see its {term('evidence')}: where it looked."
)


@st.fragment
def study() -> None:
    """Ask, compute, show; runs again with every choice."""
    strip = st.container(key="photo-strip")
    strip.empty()  # a container with nothing in it is not there, and keeps no room
    own, which = st.container(key="photo-bring").columns([3, 2], gap="medium")
    with which:
        missing = network_download.missing_networks()
        name = network_picker.choose_photo_network(missing)
    with own:
        at_hand = input_picker.photos_at_hand(KEY, which, network_cache.data_of(name))
        brought = photos.readable_photos(at_hand, None if name in missing else network_cache.cached_network(name))
    if not network_download.offer_download(name, network_picker.use_photo_network):
        return
    network = network_cache.cached_network(name)
    with strip:
        if not (brought := photos.answered_photos(network, brought)):
            return
        addresses = {one.key: input_picker.photo_address(one) for one in brought}
        tiles = photo_answers.photo_tiles(network, brought)
        chosen = input_picker.choose_tile(tiles, addresses, f"{KEY}:gallery", digit=False, label="Photos")
    photo = next(one for one in brought if one.key == chosen)
    left, said = st.container(key="photo-answer").columns([5, 6], gap="medium")
    seen = left.container(key="photo-seen")
    seen.empty()  # keeps its room while the answer is asked for, as the strip does
    with said:
        label = say(network, photo)
        download_button("Download all answers (CSV)", lambda: photo_answers.photos_csv(network, brought), "answers.csv")
    with seen:
        photo_attribution.show_attribution(network, photo, label, f"{KEY}:evidence")
    photo_answers.answer_live(network, f"{KEY}:live")
    follow.show_follow_strip(KEY, [network], input_picker.photo_as_input(photo))


def say(network: Network, photo: photos.MediaFile) -> int:
    """Say what the network answers; return the label whose evidence is asked for."""
    card, prediction = network.card, photos.cached_prediction(network.name, photo.key, network, photo)
    ranks = photo_answers.top_classes(card, prediction)
    st.markdown(out_of_distribution.answer_sentence(card, prediction))
    if not prediction.in_distribution:
        st.caption("Is it a digit? [Draw a digit](draw) reads pictures of digits, too.")
    if trap := photos.trap_notes().get(photo.key):
        st.warning(trap)
    caption = f"Confidence: how sure {card.title} is. Click one to see its evidence"
    label = class_ranking.render_class_ranking(ranks, ranks[0].key, caption, f"{KEY}:{network.name}:{photo.key}")
    if note := out_of_distribution.limits_note([card]):
        st.caption(note)
    return int(label)


study()
photo_answers.explain_photo_networks()
