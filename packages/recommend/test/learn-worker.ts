/** Learns in a worker: what is posted to it is what `buildModels` hands to its option `learn`. */
import { parentPort, workerData } from "node:worker_threads"

import { learn } from "@omni/recommend"

parentPort?.postMessage(learn(workerData.baskets, workerData.options))
