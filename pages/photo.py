"""What is in this photo: bring some, pick a network, see what it answers and where it looked."""

import streamlit as st

from cnn.zoo import Network
from ui import bring, cache, fetching, gallery, photo_evidence, photo_lab, pickers, ranking, shell

KEY = "photo"

shell.title("What is in this photo?")
st.markdown("Pick a photo or bring your own. The network names what it sees; click a name to see where it looked.")


@st.fragment
def study() -> None:
    """Ask, compute, show; runs again with every choice."""
    strip = st.container()
    own, which = st.columns([3, 2], gap="medium")
    with which:
        name = pickers.photo_network(fetching.missing())
    with own:
        brought = photo_lab.readable(bring.photos(KEY, which))
    if not fetching.offer(name, pickers.use_photo_network):
        return
    network = cache.network(name)
    with strip:
        chosen = gallery.gallery(photo_lab.tiles(network, brought), brought[0].key, f"{KEY}:gallery")
    photo = next(one for one in brought if one.key == chosen)
    seen, said = st.columns([5, 6], gap="medium")
    with said:
        label = say(network, photo)
        st.download_button(
            "All answers as CSV",
            lambda: photo_lab.table(network, brought),
            "answers.csv",
            "text/csv",
            on_click="ignore",
        )
    with seen:
        photo_evidence.show(network, photo, label, f"{KEY}:evidence")


def say(network: Network, photo: bring.Brought) -> int:
    """Say what the network answers; return the label whose evidence is asked for."""
    card, prediction = network.card, photo_lab.answer(network.name, photo.key, network, photo)
    ranks = photo_lab.ranks(card, prediction)
    st.markdown(photo_lab.sentence(card, prediction))
    caption = f"How sure {card.title} is; click one to see its evidence"
    label = ranking.ranking(ranks, ranks[0].key, caption, f"{KEY}:{network.name}:{photo.key}")
    if limits := photo_lab.limits(card):
        st.caption(limits)
    return int(label)


study()
photo_lab.explain()
