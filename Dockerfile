# ConvScope in a container: docker build -t convscope .      with training and heat maps
#                           docker build -t convscope:small --build-arg TENSORFLOW=0 .      answers, layers, sums, lesions
# docs/deploy.md says what each holds. Neither was built where this was written: there was no Docker daemon.
FROM python:3.11-slim AS packages
ARG TENSORFLOW=1
COPY requirements.txt /tmp/
# What nothing here loads goes: what Streamlit asks for its tables and maps, Clang's library, headers, the packages' tests,
# an engine for graphics cards; of libraries the names of their inner functions, a fifth of TensorFlow's, most of PyAV's.
# Without TensorFlow what only exports goes, too (ONNX and its runtime), the rooms of SciPy and LiteRT that answers do not
# enter, and the networks that are there for heat maps and Teach, or twice as large as the one that does the same.
COPY assets /opt/assets
RUN if [ "$TENSORFLOW" = 0 ]; then sed -i -E '/^(tensorflow|keras|onnx|tf2onnx)/d' /tmp/requirements.txt; fi \
    && apt-get update && apt-get install -y --no-install-recommends binutils \
    && python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-compile -r /tmp/requirements.txt \
    && cd /opt/venv/lib/python3.11/site-packages \
    && rm -rf pandas pandas.libs pyarrow pyarrow.libs pydeck clang tensorflow/include \
        ai_edge_litert/libLiteRtWebGpuAccelerator.so onnx/backend/test \
    && find . -type d -name tests -prune -exec rm -rf {} + \
    && for one in tensorflow av scipy h5py ai_edge_litert; do if [ -d "$one" ]; then \
        find "$one" \( -name '*.so' -o -name '*.so.*' \) -exec strip --strip-unneeded {} +; fi; done \
    && if [ "$TENSORFLOW" = 0 ]; then \
        for one in cluster datasets differentiate fftpack integrate interpolate io misc odr signal stats; do \
            rm -rf "scipy/$one"; done; \
        rm -rf ai_edge_litert/aot ai_edge_litert/tools ai_edge_litert/vendors /opt/assets/onnxruntime_web; \
        cd /opt/assets/networks/imagenet && rm -f resnet50.* vgg16_features.* alexnet_features.*; fi \
    && cd /opt/venv/lib/python3.11/site-packages && rm -rf pip setuptools pkg_resources

FROM python:3.11-slim
RUN useradd --uid 10001 --create-home --home-dir /home/convscope convscope
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY app.py serve.py LICENSE NOTICE ./
COPY .streamlit .streamlit
COPY --from=packages /opt/assets assets
COPY cnn cnn
COPY pages pages
COPY ui ui
# Runs and networks of one's own, and fetched ones, are kept in /data; all else may be read-only.
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    CONVSCOPE_HOME=/data/home CONVSCOPE_CACHE=/data/cache KERAS_HOME=/data/keras HOME=/tmp
RUN mkdir /data && chown convscope /data
USER convscope
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/_stcore/health', timeout=2)"]
CMD ["python", "serve.py", "--server.address", "0.0.0.0", "--server.headless", "true"]
