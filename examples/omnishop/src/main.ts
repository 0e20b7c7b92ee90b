import { sqlite } from "@omni/storage-sqlite"

import { openShop } from "./app.ts"
import { storyClock } from "./clock.ts"
import { driversTo } from "./drivers.ts"
import { startMailServer } from "./mail-server.ts"
import { EVE } from "./story/opening.ts"
import { tell } from "./story/tell.ts"

await using mail = await startMailServer()
const clock = storyClock(EVE)
const drivers = driversTo(mail.port)
{
  await using omni = openShop({ store: sqlite("/tmp/omnishop-try.db"), clock, drivers })
  console.log(await tell(omni, clock))
  const { events } = await omni.events({ limit: 1000 })
  for (const e of events)
    console.log(e.position, new Date(e.time).toISOString(), e.actor.channel, e.type, JSON.stringify(e.data).slice(0, 200))
  console.log((await omni.deadLetters()).items)
}
console.log(mail.mails.length, drivers.push.messages, drivers.sms.messages)
