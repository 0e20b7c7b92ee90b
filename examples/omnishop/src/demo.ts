import { openShop } from "./app.ts"
import { storyClock } from "./clock.ts"
import { driversTo } from "./drivers.ts"
import type { Home } from "./home.ts"
import { startMailServer } from "./mail-server.ts"
import type { Paint } from "./report/paint.ts"
import { readStory } from "./report/record.ts"
import { state } from "./report/state.ts"
import { timeline } from "./report/timeline.ts"
import { EVE, THE_END } from "./story/moments.ts"
import { tell, type Told } from "./story/tell.ts"

/** Tells the story over a store, with a mail server of its own, and closes the store. What is in it already is not done again. */
export const runStory = async (home: Home): Promise<Told> => {
  await using mail = await startMailServer()
  const clock = storyClock(EVE)
  await using omni = openShop({ store: home.open(), clock, drivers: driversTo(mail.port) })
  return await tell(omni, clock)
}

/** Opens the store anew and tells what is in it: the story by the log and the message log, then profile, stock and messages. */
export const report = async (home: Home, { customer }: Told, paint: Paint): Promise<ReadonlyArray<string>> => {
  // The story is over, and nobody listens at port 0: what would be sent now could not be.
  await using omni = openShop({ store: home.open(), clock: storyClock(THE_END), drivers: driversTo(0) })
  return [...timeline(await readStory(omni, customer), paint), ...(await state(omni, customer, paint))]
}
