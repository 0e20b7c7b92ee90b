import { fail, handler, Id, type Operation, operation, query, reactor, type RowOf, topic, type Tx } from "@omni/core"
import * as z from "zod"

import { LearningInProgress, NotTheBuilder } from "../errors.ts"
import { InterestRecorded, Learning, Serving } from "../model.ts"
import type { Settings } from "../settings.ts"

/** The one row of its kind. */
const ROW = "models"

/** How long a builder has from one sign of life to the next (ms), unless told. */
const TURN = 300_000

/** Who takes the turn, anew unless named, and for how long (ms). */
const Claim = z.object({ builder: Id.exactOptional(), turn: z.int().min(1_000).max(86_400_000).exactOptional() })

const rowOf = (tx: Pick<Tx, "get">): RowOf<typeof Learning> => tx.get(Learning, ROW) ?? { scheduled: false }

/** Asks for models to be built; see the option `build`. */
const Build = topic("recommend.build", z.object({}))

/** How long one build may take (ms): after that it counts as dead, and the message is delivered again. */
const LONGEST = 900_000

/**
 * What news of interest leads to: a timer at the first, and when it comes, that models are due and a message that asks for them. A process without `build`
 * sends none, for it could not deliver it: it leaves the timer to whoever comes next, which is one that builds where there is one.
 */
const noticing = ({ build, learnEvery }: Settings) => {
  const due: Operation<Record<string, never>> = operation("recommend.learningDue", z.object({}), function* (tx) {
    const row = rowOf(tx)
    const dueAt = row.scheduled ? tx.now : row.dueAt
    if (dueAt === undefined) return
    tx.put(Learning, ROW, { ...row, scheduled: false, dueAt })
    if (build !== undefined) tx.send(Build, {})
    else soon(tx)
  })
  const soon = (tx: Tx, from: number = tx.now): void => {
    tx.schedule(from + learnEvery, due, {}, { key: "recommend.learningDue" })
  }
  // It follows the events, so that no order waits for the row that all of them touch.
  const notice = reactor("recommend.notice", [InterestRecorded], function* (tx, { time }) {
    const row = rowOf(tx)
    if (row.scheduled) return
    tx.put(Learning, ROW, { ...row, scheduled: true })
    soon(tx, Math.min(time, tx.now))
  })
  const builders =
    build === undefined ? [] : [handler(Build, ({ signal, tenant }) => build({ tenant, signal }), { idempotent: true, timeout: LONGEST })]
  return { due, soon, notice, builders }
}

/** Takes the turn to build, or keeps it; gives the builder's id. Refuses with `LearningInProgress` while another has it. */
const claim = operation("recommend.claimLearning", Claim, function* (tx, { builder = tx.newId("bld"), turn = TURN }) {
  const row = rowOf(tx)
  const held = row.turn
  if (held !== undefined && held.builder !== builder && held.until > tx.now) return yield* fail(inProgress(held.until))
  const since = held?.builder === builder ? held.since : tx.now
  tx.put(Learning, ROW, { ...row, turn: { builder, since, until: tx.now + turn } })
  return builder
})

/** Ends a turn. What was news before it is learnt, if it says so; for what came since the timer is set anew. */
const ending = (soon: (tx: Tx) => void) =>
  operation("recommend.endLearning", z.object({ builder: Id, learnt: z.boolean() }), function* (tx, { builder, learnt }) {
    const { dueAt, turn, ...row } = rowOf(tx)
    if (turn?.builder !== builder) return
    const isLeft = dueAt !== undefined && !(learnt && dueAt <= turn.since)
    if (isLeft && !row.scheduled) soon(tx)
    tx.put(Learning, ROW, isLeft ? { scheduled: true, dueAt } : row)
  })

/** Refuses with `NotTheBuilder` unless it is this one's turn; a sign of life prolongs it. */
export function* whoseTurn(tx: Tx, builder: string): Generator<NotTheBuilder, void, unknown> {
  const row = rowOf(tx)
  if (row.turn?.builder !== builder) return yield* fail(notTheBuilder(builder))
  const until = Math.max(row.turn.until, tx.now + TURN)
  if (until > row.turn.until + TURN / 4) tx.put(Learning, ROW, { ...row, turn: { ...row.turn, until } })
}

const notTheBuilder = (builder: string): NotTheBuilder =>
  new NotTheBuilder({ builder, message: `"${builder}" does not build any more: its turn was over. Take the turn again, and begin anew.` })

const inProgress = (until: number): LearningInProgress =>
  new LearningInProgress({
    until,
    message: `Another process builds the models, until ${new Date(until).toISOString()} at the latest. Try again then.`
  })

/** Whether there is something to learn, who is at it, which models there are to be, and which of them are pinned to a version. */
const learning = ({ atLeast, models }: Settings) =>
  query("recommend.learning", z.object({}), function* (view) {
    const { dueAt, turn } = view.get(Learning, ROW) ?? {}
    const builder = turn === undefined || turn.until <= view.now ? undefined : turn.builder
    const names = [...models.keys()]
    const serving = view.getMany(Serving, names)
    return {
      isDue: dueAt !== undefined,
      ...(dueAt === undefined ? {} : { dueAt }),
      ...(builder === undefined ? {} : { builder }),
      models: Object.fromEntries(models),
      pinned: names.filter((_, at) => serving[at]?.pinned === true),
      atLeast
    }
  })

/** Whose turn it is to build models. */
export const turns = (settings: Settings) => {
  const { builders, due, notice, soon } = noticing(settings)
  return {
    operations: { claimLearning: claim, endLearning: ending(soon) },
    queries: { learning: learning(settings) },
    internal: [due],
    reactors: [notice],
    handlers: builders
  }
}
