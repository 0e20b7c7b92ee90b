/**
 * `pnpm bench [name] [--long]` runs `packages/<name>/bench/*.bench.ts`, each in a process of its own, and prints one JSON line per
 * figure; an adapter also goes by what follows its kind, `postgres`, and all of a kind by that, `search`. With no name it runs all of them and writes `docs/benchmarks.md`.
 */
import { spawn } from "node:child_process"
import { globSync, writeFileSync } from "node:fs"
import { cpus } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"

import type { Figure } from "./bench/harness.ts"
import { root, sourceCondition } from "./workspace.ts"

const long = process.argv.includes("--long")
const name = process.argv.slice(2).find((word) => !word.startsWith("--"))
const files = globSync(`packages/${name === undefined ? "*" : `{${name},*-${name},${name}-*}`}/bench/*.bench.ts`, { cwd: root }).sort()

/** A benchmark of one name answers within this time, unless `--long` is asked for. */
const limitMillis = 45_000

const runFile = async (file: string, signal: AbortSignal): Promise<ReadonlyArray<Figure>> => {
  const child = spawn(process.execPath, ["--expose-gc", `--conditions=${sourceCondition}`, join(root, file)], {
    env: { ...process.env, NODE_ENV: "production", BENCH_LONG: long ? "1" : "0" },
    stdio: ["ignore", "pipe", "inherit"],
    signal
  })
  const ended = new Promise<number | null>((resolve) => {
    child.on("close", resolve)
    child.on("error", (error) => console.error(`${file}: ${error.message}`))
  })
  const figures: Array<Figure> = []
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith("{")) console.error(line)
    else {
      console.log(line)
      figures.push(JSON.parse(line))
    }
  }
  if ((await ended) !== 0) {
    console.error(`failed: ${file}`)
    process.exitCode = 1
  }
  return figures
}

const table = (figures: ReadonlyArray<Figure>): string =>
  [
    "# Benchmarks",
    `Written by \`pnpm bench\` on Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}.`,
    "Medians of runs in turns. A ratio over 1 means that ours is better.\n",
    "| benchmark | case | ours | peer | theirs | unit | ratio |",
    "|---|---|---:|---|---:|---|---:|",
    ...figures.map(
      (figure) =>
        `| ${figure.bench} | ${figure.case} | ${figure.ours} | ${figure.peer ?? ""} | ${figure.theirs ?? ""} ` +
        `| ${figure.unit} | ${figure.ratio ?? ""} |`
    )
  ].join("\n")

if (files.length === 0) {
  console.error(name ? `no benchmark in packages/${name}/bench` : "no benchmark in packages/*/bench")
  process.exitCode = 1
}
const abort = new AbortController()
const timer = setTimeout(() => abort.abort(), name && !long ? limitMillis : 2 ** 31 - 1)
const figures: Array<Figure> = []
for (const file of files) figures.push(...(await runFile(file, abort.signal)))
clearTimeout(timer)
if (name === undefined && figures.length > 0) writeFileSync(join(root, "docs/benchmarks.md"), `${table(figures)}\n`)
