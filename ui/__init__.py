"""What a page shows and asks: the one room that knows both Streamlit and the model package."""
