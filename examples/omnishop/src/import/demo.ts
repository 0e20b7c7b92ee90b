import { MessageQueued, MessageSent, MessageSkipped } from "@omni/channels"
import type { Position } from "@omni/core"
import { JourneyEntered } from "@omni/journeys"
import { NpsInvited } from "@omni/nps"
import { sqlite } from "@omni/storage-sqlite"

import { openShop, type Omnishop } from "../app.ts"
import { storyClock } from "../clock.ts"
import { driversTo } from "../drivers.ts"
import { table } from "../report/layout.ts"
import type { Paint } from "../report/paint.ts"
import { THE_END } from "../story/moments.ts"
import { progressOn } from "./progress.ts"
import { rejectsFile } from "./rejects.ts"
import { type Imported, importFolder } from "./run.ts"

/** What must not come of an import. */
const started = [JourneyEntered, MessageQueued, MessageSent, MessageSkipped, NpsInvited]

/** Imports a folder into the shop in a file, and says in lines what came of it. */
export const importDemo = async (file: string, folder: string, paint: Paint): Promise<ReadonlyArray<string>> => {
  const rejects = `${file.replace(/\.db$/, "")}.rejects.csv`
  await using omni = openShop({ store: sqlite(file), clock: storyClock(THE_END), drivers: driversTo(0), verify: false })
  const { upto } = await omni.events({ types: started, limit: 1 })
  const before = await startedAfter(omni, undefined)
  const begun = performance.now()
  const imported = await importFolder(folder, {
    omni,
    rejects: rejectsFile(rejects),
    progress: progressOn(process.stdout, () => performance.now())
  })
  await omni.drain()
  const seconds = (performance.now() - begun) / 1000
  const after = await startedAfter(omni, undefined)
  return [
    "",
    paint.title(`Imported from ${folder}`),
    ...summary(imported, seconds),
    `   journeys, surveys and messages started by it: ${after - before}`,
    ...(imported.rejected.size === 0 ? [] : [`   every row that was rejected is in ${rejects}`]),
    String(upto)
  ]
}

const startedAfter = async (omni: Omnishop, position: Position | undefined): Promise<number> => {
  let count = 0
  let after = position
  for (;;) {
    const page = await omni.events({ types: started, limit: 1000, ...(after === undefined ? {} : { after }) })
    count += page.events.length
    if (page.events.length === 0) return count
    after = page.upto
  }
}

const summary = ({ read, rejected }: Imported, seconds: number): ReadonlyArray<string> => {
  const lost = [...rejected]
  const rows = [...read].map(([name, count]) => {
    const bad = lost.filter(([what]) => what.startsWith(`${name}: `)).reduce((sum, [, many]) => sum + many, 0)
    return [name, String(count), String(count - bad), String(bad)]
  })
  const all = [...read.values()].reduce((sum, count) => sum + count, 0)
  return [
    ...table(["file", "rows>", "taken>", "rejected>"], rows).map((line) => `   ${line}`),
    `   ${all} rows in ${seconds.toFixed(1)} s: ${Math.round(all / seconds)} rows/s`,
    ...lost.map(([what, many]) => `   rejected: ${many} × ${what}`)
  ]
}
