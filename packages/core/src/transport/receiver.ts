import * as z from "zod"

import type { Engine, Scope } from "../client/engine.ts"
import { hash128, seedText } from "../encoding/ids.ts"
import { operation, type Body } from "../kernel/operation.ts"
import type { Carried, EventDelivery, Subscription, TransportDriver } from "../ports/transport.ts"
import { backoff, bury, describe, unlessErased } from "../work/dead.ts"
import { type Met, tell, workFailed } from "../work/failed.ts"
import type { Pass, Worker } from "../work/loop.ts"
import { asOfImport } from "../work/reacting.ts"
import type { Reactor } from "../work/reactor.ts"
import { received } from "./carried.ts"

/** Reactors on the events of other apps. */
export interface Receiver {
  readonly from: TransportDriver
  /** The name of this app there, durable: with a reactor's name it is the group in which all processes of the app share the events. */
  readonly as: string
  /** Each takes effect once for an event, in the tenant of the same name as that of the event. */
  readonly reactors: ReadonlyArray<Reactor>
  /**
   * How long (ms) it is known which events took effect: longer than the transport may bring one again. A week unless told; `Infinity`
   * for ever.
   */
  readonly remember?: number
}

/** Under one name and key an event takes effect or is given up, and never both, however often it comes again. */
const RECEIVE = "omni.receive"

/** Lets reactors take the events of other apps. */
export class Receiving implements Worker {
  #joined: Array<Subscription> = []
  #starting: Promise<unknown> | undefined
  #stopping = new AbortController()
  /** Events that took effect in this process. */
  #taken = 0

  readonly #engine: Engine
  readonly #receivers: ReadonlyArray<Receiver>
  readonly #report: (error: unknown) => void

  constructor(engine: Engine, receivers: ReadonlyArray<Receiver>, report: (error: unknown) => void) {
    this.#engine = engine
    this.#receivers = receivers
    this.#report = report
    for (const { reactors } of receivers) for (const reactor of reactors) engine.registerReceived(reactor)
  }

  start(): void {
    if (this.#starting !== undefined) return
    this.#stopping = new AbortController()
    this.#starting = Promise.all(this.#each((receiver, reactor) => this.#joinSometime(receiver, reactor)))
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#starting
    this.#starting = undefined
    await Promise.all(this.#joined.splice(0).map((subscription) => subscription[Symbol.asyncDispose]()))
  }

  /** What is committed here is no reason for others to have published something. */
  wake(): void {}

  async drain(): Promise<Omit<Pass, "next">> {
    const before = this.#taken
    const ended = await Promise.allSettled(this.#starting === undefined ? this.#each(this.#visit) : this.#joined.map((one) => one.idle()))
    const failures = ended.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []))
    return { progress: this.#taken > before, failures }
  }

  #each<A>(work: (receiver: Receiver, reactor: Reactor) => A): ReadonlyArray<A> {
    return this.#receivers.flatMap((receiver) => receiver.reactors.map((reactor) => work(receiver, reactor)))
  }

  /** A transport that is away is asked again until it is there. */
  async #joinSometime(receiver: Receiver, reactor: Reactor): Promise<void> {
    for (let failures = 1; !this.#stopping.signal.aborted; failures++) {
      try {
        this.#joined.push(await this.#join(receiver, reactor))
        return
      } catch (error) {
        this.#report(error)
        await this.#engine.options.platform.clock.sleep(Math.min(30_000, 100 * 2 ** failures), this.#stopping.signal)
      }
    }
  }

  readonly #visit = async (receiver: Receiver, reactor: Reactor): Promise<void> => {
    const subscription = await this.#join(receiver, reactor)
    await subscription.idle().finally(() => subscription[Symbol.asyncDispose]())
  }

  #join(receiver: Receiver, reactor: Reactor): Promise<Subscription> {
    const { platform } = this.#engine.options
    return receiver.from.subscribe(`${receiver.as}.${reactor.name}`, (delivery) => this.#take(receiver, reactor, delivery), {
      types: reactor.on,
      from: reactor.from,
      tries: reactor.tries,
      backoff: (tries) => backoff(tries, platform.entropy(1)[0]! / 256),
      dead: (delivery, error) =>
        this.#giveUp(receiver, reactor, delivery, error).catch((cause: unknown) => {
          this.#report(cause)
          throw cause
        })
    })
  }

  /** An event is a call whose idempotency key it is: its receipt is written in the commit of what the reactor does. */
  async #take({ as, remember }: Receiver, reactor: Reactor, { event, attempt }: EventDelivery): Promise<void> {
    const { scope, recorded } = await this.#open(event)
    if (recorded.imported && reactor.imports === "skip") return
    const react = (erased: boolean) =>
      receiving(remember, function* (tx) {
        if (!erased) yield* reactor.body(tx, recorded as never) as Generator<never, unknown, unknown>
      })
    const options = { key: keyOf(as, reactor, event), ...asOfImport(reactor, recorded) }
    await unlessErased((erased) => this.#engine.internal(scope, react(erased), event.id, options)).catch((cause: unknown) => {
      // Of the last try it is told once it is given up, for that may fail too.
      if (attempt < reactor.tries) this.#report(failed(reactor, attempt, "retry", cause))
      throw cause
    })
    this.#taken++
  }

  async #giveUp({ as, remember }: Receiver, reactor: Reactor, { event, attempt }: EventDelivery, cause: unknown): Promise<void> {
    const { scope, recorded } = await this.#open(event)
    const letter = { kind: "event" as const, name: reactor.name, tries: attempt, row: event, owner: reactor.owner(recorded) }
    const met: Met = { failures: [] }
    const give = (erased: boolean) =>
      receiving(remember, function* (tx) {
        met.failures = erased ? [] : [failed(reactor, attempt, "dead-letter", cause)]
        if (!erased) bury(tx, letter, describe(cause))
      })
    await unlessErased((erased) => this.#engine.internal(scope, give(erased), event.id, { key: keyOf(as, reactor, event) }))
    // Nothing, when it took effect elsewhere meanwhile.
    tell(met, this.#report)
  }

  async #open(event: Carried): Promise<{ readonly scope: Scope; readonly recorded: Awaited<ReturnType<typeof received>> }> {
    const scope = await this.#engine.scope(event.tenant)
    return { scope, recorded: await received(event, scope.vault) }
  }
}

const failed = (reactor: Reactor, tries: number, next: "retry" | "dead-letter", cause: unknown) =>
  workFailed({ kind: "event", of: reactor.name, tries, most: reactor.tries, next, cause })

/** What is done on an event, whose id is its input. */
const receiving = (remember: number | undefined, body: Body<string, void, never>) =>
  operation(RECEIVE, { input: z.custom<string>(), ...(remember === undefined ? {} : { remember }) }, body)

/** Two apps may give the same id to what they import, so it counts with its source; as a hash, for keys have an end. */
const keyOf = (as: string, reactor: Reactor, { source, id }: Carried): string =>
  `${as}/${reactor.name}/${seedText(hash128(`${source}\n${id}`))}`
