import type { TransportDriver } from "@omni/core"

import { Appender, BYTES } from "./appender.ts"
import { Link } from "./link.ts"
import { Membership } from "./membership.ts"
import { settingsOf, type NatsOptions } from "./options.ts"

/**
 * The log of an app on a JetStream stream. Nothing is connected until it is used. It keeps all laws of the transport port; what it
 * acknowledged is as durable as the stream: on a majority of its replicas.
 */
export const nats = (options: NatsOptions): TransportDriver => {
  const settings = settingsOf(options)
  const link = new Link(settings)
  const appender = new Appender(link, settings)
  const members = new Set<Membership>()
  return {
    specVersion: 1,
    capabilities: { limits: { bytes: BYTES }, durability: settings.storage === "file" ? "disk" : "memory" },
    publish: (events) => appender.publish(events),
    last: (tenant) => appender.last(tenant),
    async subscribe(group, handler, how) {
      const member = await new Membership(await link.ready(), group, handler, how, settings).join()
      members.add(member)
      return {
        idle: () => member.idle(),
        async [Symbol.asyncDispose]() {
          await member[Symbol.asyncDispose]()
          members.delete(member)
        }
      }
    },
    async close() {
      await Promise.all([...members].map((member) => member[Symbol.asyncDispose]()))
      await link.close()
    }
  }
}
