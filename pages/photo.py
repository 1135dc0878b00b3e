"""What is in this photo: bring some, pick a network, see what it answers and where it looked."""

import streamlit as st

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
    prediction = photo_lab.answer(network.name, photo.key, network, photo)
    ranks = photo_lab.ranks(network.card, prediction)
    seen, said = st.columns([5, 6], gap="medium")
    with said:
        st.markdown(photo_lab.sentence(network.card, prediction))
        caption = f"How sure {network.card.title} is; click one to see its evidence"
        label = int(ranking.ranking(ranks, ranks[0].key, caption, f"{KEY}:{name}:{chosen}"))
        if limits := photo_lab.limits(network.card):
            st.caption(limits)
        st.download_button(
            "All answers as CSV",
            lambda: photo_lab.table(network, brought),
            "answers.csv",
            "text/csv",
            on_click="ignore",
        )
    with seen:
        photo_evidence.show(network, photo, label, f"{KEY}:evidence")


study()
photo_lab.explain()
