import type { Carried, Position, TransportDriver } from "@omni/core"
import { inProcess, type InProcessTransport } from "@omni/core/memory"
import type { TransportUnderTest } from "@omni/testkit"

import { pause } from "./wreck.ts"

/** What is done to a sound transport. `forget` is called when the law lets time pass. */
interface TransportWreck {
  readonly driver: (inner: InProcessTransport) => Partial<TransportDriver>
  readonly forget?: () => void
}

/** A transport that breaks laws, and which: a piece of each law's name. */
export interface TransportSaboteur {
  readonly does: string
  readonly breaks: ReadonlyArray<string>
  readonly wreck: () => TransportWreck
}

export const transportUnderTest = (wreck: TransportWreck) => async (): Promise<TransportUnderTest> => {
  const keeper = inProcess()
  const client = (): TransportDriver => {
    const inner = keeper.shared()
    return { ...inner, ...wreck.driver(inner) }
  }
  return { driver: client(), second: async () => client(), forget: async () => wreck.forget?.() }
}

const changing =
  (change: (event: Carried) => Carried): TransportWreck["driver"] =>
  (inner) => ({ publish: (events) => inner.publish(events.map(change)) })

type Subscribe = TransportDriver["subscribe"]

const subscribing =
  (change: (...args: Parameters<Subscribe>) => Parameters<Subscribe>): TransportWreck["driver"] =>
  (inner) => ({ subscribe: (...args) => inner.subscribe(...change(...args)) })

/** Gives every event a place of its own, so that the sound transport below takes it for new. */
const anew = () => {
  let count = 0
  return (event: Carried): Carried => ({ ...event, sequence: String(++count).padStart(16, "0") as Position })
}

export const carrying: ReadonlyArray<TransportSaboteur> = [
  {
    does: "keeps no attributes that it does not know",
    breaks: ["an event comes as it was published"],
    wreck: () => ({ driver: changing((event) => ({ ...event, actorid: undefined })) })
  },
  {
    does: "trims subjects",
    breaks: ["an event comes as it was published"],
    wreck: () => ({ driver: changing((event) => ({ ...event, subject: event.subject.slice(0, 100).trim() })) })
  },
  {
    does: "folds the names of tenants",
    breaks: ["subjects and tenants are apart"],
    wreck: () => ({ driver: changing((event) => ({ ...event, tenant: event.tenant.toLowerCase() })) })
  },
  {
    does: "gives a group all types",
    breaks: ["a group gets the types"],
    wreck: () => ({ driver: subscribing((group, handler, { dead }) => [group, handler, { dead }]) })
  },
  {
    does: "takes the types of a group for patterns",
    breaks: ["a group gets the types"],
    wreck: () => ({
      driver: subscribing((group, handler, { types, ...options }) => [
        group,
        async (delivery) => {
          if (types?.some((type) => type === "*" || type === delivery.event.type) !== false) await handler(delivery)
        },
        options
      ])
    })
  },
  {
    does: "cuts large data",
    breaks: ["large events come whole"],
    wreck: () => ({
      driver: changing((event) => (typeof event.data === "string" ? { ...event, data: event.data.slice(0, 500_000) } : event))
    })
  },
  {
    does: "publishes what stands after an event that is too large",
    breaks: ["large events come whole"],
    wreck: () => ({
      driver: (inner) => ({
        publish: async (events) => {
          const failures = await Promise.allSettled(events.map((event) => inner.publish([event])))
          for (const failure of failures) if (failure.status === "rejected") throw failure.reason
        }
      })
    })
  },
  {
    does: "remembers the last event that it was asked for",
    breaks: ["the last event of a tenant"],
    wreck: () => {
      const known = new Map<string, ReturnType<TransportDriver["last"]>>()
      return {
        driver: (inner) => ({
          last: (tenant) => {
            if (!known.has(tenant)) known.set(tenant, inner.last(tenant))
            return known.get(tenant)!
          }
        })
      }
    }
  }
]

export const ordering: ReadonlyArray<TransportSaboteur> = [
  {
    does: "does not wait for handlers",
    breaks: ["one after the other"],
    wreck: () => ({
      driver: subscribing((group, handler, options) => [group, async (delivery) => void handler(delivery).catch(() => undefined), options])
    })
  },
  {
    does: "keeps a group for each member",
    breaks: ["members of a group share", "a group goes on where"],
    wreck: () => {
      let members = 0
      return { driver: subscribing((group, handler, options) => [`${group} ${members++}`, handler, options]) }
    }
  },
  {
    does: "drops what comes while a member is busy",
    breaks: ["a slow member loses nothing"],
    wreck: () => {
      let busy = 0
      return {
        driver: (inner) => ({
          publish: (events) => inner.publish(busy > 0 ? events.slice(0, 1) : events),
          subscribe: (group, handler, options) =>
            inner.subscribe(
              group,
              async (delivery) => {
                busy++
                await handler(delivery).finally(() => busy--)
              },
              options
            )
        })
      }
    }
  },
  {
    does: "begins every group at the start",
    breaks: ["a new group begins"],
    wreck: () => ({ driver: subscribing((group, handler, options) => [group, handler, { ...options, from: "start" }]) })
  }
]

export const failing: ReadonlyArray<TransportSaboteur> = [
  {
    does: "takes what failed for done",
    breaks: ["what fails is tried again", "what fails in every try"],
    wreck: () => ({
      driver: subscribing((group, handler, options) => [group, (delivery) => handler(delivery).catch(() => undefined), options])
    })
  },
  {
    does: "tries again at once",
    breaks: ["what fails is tried again"],
    wreck: () => ({ driver: subscribing((group, handler, options) => [group, handler, { ...options, backoff: () => 0 }]) })
  },
  {
    does: "never gives up",
    breaks: ["what fails in every try"],
    wreck: () => ({ driver: subscribing((group, handler, options) => [group, handler, { ...options, tries: Infinity }]) })
  },
  {
    does: "gives up what nobody has taken",
    breaks: ["what fails in every try"],
    wreck: () => ({
      driver: subscribing((group, handler, options) => [
        group,
        handler,
        { ...options, dead: (delivery, error) => options.dead(delivery, error).catch(() => undefined) }
      ])
    })
  },
  {
    does: "leaves without waiting",
    breaks: ["a member that leaves is told"],
    wreck: () => ({
      driver: (inner) => ({
        subscribe: async (...args) => {
          const member = await inner.subscribe(...args)
          return { ...member, [Symbol.asyncDispose]: async () => void member[Symbol.asyncDispose]() }
        }
      })
    })
  },
  {
    does: "tells nobody that a member leaves",
    breaks: ["a member that leaves is told"],
    wreck: () => ({
      driver: subscribing((group, handler, options) => [
        group,
        (delivery) => handler({ ...delivery, signal: new AbortController().signal }),
        options
      ])
    })
  },
  {
    does: "closes without waiting",
    breaks: ["close waits for what"],
    wreck: () => ({ driver: (inner) => ({ close: async () => void inner.close() }) })
  },
  {
    does: "goes on after close",
    breaks: ["close waits for what"],
    wreck: () => ({ driver: (inner) => ({ last: (tenant) => inner.shared().last(tenant) }) })
  },
  {
    does: "is idle at once",
    breaks: ["a member is idle once"],
    wreck: () => ({
      driver: (inner) => ({ subscribe: async (...args) => ({ ...(await inner.subscribe(...args)), idle: async () => undefined }) })
    })
  }
]

export const publishing: ReadonlyArray<TransportSaboteur> = [
  {
    does: "knows what was published for a while only",
    breaks: ["what is published again"],
    wreck: () => {
      const known = new Set<string>()
      const place = anew()
      return {
        driver: (inner) => ({
          publish: async (events) => {
            const fresh = events.filter(({ id }) => !known.has(id))
            for (const { id } of fresh) known.add(id)
            await inner.publish(fresh.map(place))
          }
        }),
        forget: () => known.clear()
      }
    }
  },
  {
    does: "looks what is there, and appends afterwards",
    breaks: ["publishers of the same log"],
    wreck: () => {
      const tails = new Map<string, string>()
      const place = anew()
      return {
        driver: (inner) => ({
          publish: async (events) => {
            const fresh = events.filter(({ tenant, sequence }) => sequence > (tails.get(tenant) ?? ""))
            await pause()
            for (const { tenant, sequence } of fresh) tails.set(tenant, sequence)
            await inner.publish(fresh.map(place))
          }
        })
      }
    }
  },
  {
    does: "takes what is published together for one tenant's",
    breaks: ["a log may be published in any pieces"],
    wreck: () => ({
      driver: (inner) => ({ publish: (events) => inner.publish(events.filter(({ tenant }) => tenant === events[0]?.tenant)) })
    })
  }
]
