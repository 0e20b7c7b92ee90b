import { StoreUnavailable } from "../errors.ts"
import type { Clock } from "./platform.ts"
import type { ScopedStore, StoreDriver } from "./store.ts"

/** A store that does not answer is asked this often, some five seconds, before it is taken for away. */
export const TRIES = 12

/** Or for so long (ms), when each question takes its time to fail. */
const LONG = 10_000

/** How long to wait after a question that failed for the `attempt`-th time (ms). */
export const pauseAfter = (attempt: number): number => Math.min(1000, 2 ** attempt * 5)

/**
 * Asks until there is an answer. What is final is thrown at once: anything typed, unless told. When it is not worth while to go on, a
 * `StoreUnavailable` says `what` could not be done, and why.
 */
export type Ask = <A>(what: string, question: () => Promise<A>, isFinal?: (error: unknown) => boolean) => Promise<A>

/** The one way in which questions are asked again, until `over` is aborted: what waits for the store then waits no more. */
export const askOf =
  (clock: Clock, over: AbortSignal): Ask =>
  async (what, question, isFinal = isTyped) => {
    const begun = clock.now()
    for (let attempt = 1; ; attempt++) {
      try {
        return await question()
      } catch (cause) {
        if (isFinal(cause)) throw cause
        if (attempt === TRIES || clock.now() - begun > LONG || over.aborted)
          throw new StoreUnavailable({ message: `${what}: ${String(cause)}`, cause })
        await clock.sleep(pauseAfter(attempt), over)
      }
    }
  }

const isTyped = (error: unknown): boolean => typeof error === "object" && error !== null && "_tag" in error

const isRefusal = (error: unknown): boolean => (error instanceof StoreUnavailable ? error.final === true : isTyped(error))

/** What of a scope may be asked again because asking changes nothing. Commits go the way of the transactor. */
export const patientScope = (store: ScopedStore, ask: Ask): Pick<ScopedStore, "read" | "events" | "watch"> => ({
  read: (keys, queries) => ask("The store could not be read", () => store.read(keys, queries), isRefusal),
  events: (after, limit, types) => ask("The log could not be read", () => store.events(after, limit, types), isRefusal),
  ...(store.watch === undefined ? {} : { watch: (wake: () => void) => store.watch!(wake) })
})

/** What of a store may be asked again. */
export const patientStore = (driver: StoreDriver, ask: Ask): Pick<StoreDriver, "open" | "migrate" | "due" | "scopes"> => ({
  open: (scope) => ask("The store could not be opened", () => driver.open(scope)),
  migrate: (collections) => ask("The store could not be migrated", () => driver.migrate(collections)),
  due: (collection, now, limit) => ask("The work that is due could not be read", () => driver.due(collection, now, limit), isRefusal),
  scopes: () => ask("The tenants could not be read", () => driver.scopes(), isRefusal)
})
