import type { Recorder } from "@omni/channels"

import { type Omnishop, openShop } from "../src/app.ts"
import { type StoryClock, storyClock } from "../src/clock.ts"
import { driversTo } from "../src/drivers.ts"
import type { Home } from "../src/home.ts"
import { type MailServer, startMailServer } from "../src/mail-server.ts"
import { EVE } from "../src/story/moments.ts"
import { type Landed, watched } from "./watched.ts"

/** A shop over a store, with all that can be seen of it from outside. */
export interface TestShop {
  readonly omni: Omnishop
  readonly clock: StoryClock
  readonly landed: ReadonlyArray<Landed>
  readonly mails: MailServer["mails"]
  readonly push: Recorder
  readonly sms: Recorder
}

/** Does something with the shop over a store, and closes it. */
export const withShop = async <A>(home: Home, work: (shop: TestShop) => Promise<A>): Promise<A> => {
  await using mail = await startMailServer()
  const { landed, store } = watched(home.open())
  const clock = storyClock(EVE)
  const drivers = driversTo(mail.port)
  await using omni = openShop({ store, clock, drivers })
  return await work({ omni, clock, landed, mails: mail.mails, push: drivers.push, sms: drivers.sms })
}
