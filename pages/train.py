"""Train a network, and watch it learn: its answers, its kernels and its mistakes, moment by moment."""

import streamlit as st

from cnn.errors import ConvScopeError
from ui import page
from ui.resources import training
from ui.train import choose_settings, examination, run_controls, run_view, sweep_view

page.title("Train a network")
st.markdown(choose_settings.lead_sentence())
try:
    processes = training.run_processes()
except ConvScopeError as error:
    st.error(str(error))
    st.stop()
processes.warm()
row = run_controls.run_from_address(processes)
ask, look = st.columns([1, 3], gap="large")
with ask:
    run_controls.show_wrong()
    button = st.container()
    settings = choose_settings.choose_settings()
    with button:
        run_controls.train_button(settings, processes)
        choose_settings.show_estimate(settings, processes)
    others = run_controls.list_runs(processes, row)
with look:
    if row is None:
        st.info("Press Start training: the first network takes about ten seconds. Or open one of the shipped runs.")
    else:
        run_view.show_status(row, processes)
    given = examination.choose_examination(row.settings.data if row else settings.data)
    if row is None:
        run_view.show_shipped_curves()
    else:
        chosen, image = given
        run_view.show_moment(run_view.Watched(row, processes, settings, chosen, image, others))
sweep_view.show_sweeps()
