import { collection, ExternalId, fail, Id, Instant, operation, type Tx } from "@omni/core"
import { LocationId, Sku } from "@omni/inventory"
import * as Data from "effect/Data"
import * as z from "zod"

import { OrderTaskClosed, OrderTaskOpened } from "./events.ts"
import type { Order } from "./model.ts"

/** What somebody has to settle about an order that was not to be refused. */
export const TaskKind = z.enum([
  /** It was sold, and is not in stock. */
  "short",
  /** The marketplace's total is another. */
  "total-mismatch",
  /** It came again with other lines or another total. */
  "conflict",
  /** It was cancelled, or changed, when it had left already. */
  "left-already",
  /** A notice to the marketplace was given up. */
  "notice-failed",
  /** It was placed for a slot in which there is no place for it: somebody has to agree on another. */
  "slot-lost",
  /** The carrier has lost a parcel of it. */
  "parcel-lost",
  /** A parcel of it is coming back: the carrier could not deliver it. */
  "parcel-returned",
  /** It was handed over, and the inventory does not know its goods, or not in this unit. */
  "unknown-goods",
  /** The payer's bank wants money back: by when evidence is due is in the message. */
  "dispute",
  /** A refund came back from the payer's bank: it is due again, and has to go by another way. */
  "refund-reversed",
  /** A capture, release or refund came to nothing as often as it is tried. */
  "payment-failed",
  /** Nobody could find out what came of a capture, release or refund. */
  "payment-unknown",
  /** What was promised was not captured in time. */
  "authorisation-expired"
])
export type TaskKind = z.infer<typeof TaskKind>

/** Something about an order that somebody has to settle, and how it was. */
export const OrderTasks = collection("orders.tasks", {
  schema: z.object({
    id: Id,
    order: Id,
    external: ExternalId.exactOptional(),
    kind: TaskKind,
    message: z.string(),
    /** Of what there is too little, and how much. */
    stock: z.array(z.object({ sku: Sku, location: LocationId, quantity: z.int().positive() })).exactOptional(),
    location: LocationId.exactOptional(),
    status: z.enum(["open", "closed"]),
    openedAt: Instant,
    closedAt: Instant.exactOptional(),
    resolution: z.string().exactOptional()
  }),
  indexes: { status: ["status", "openedAt"], order: ["order", "openedAt"] }
})
export type OrderTask = z.infer<typeof OrderTasks.schema>

/** There is no such task. */
export class TaskNotFound extends Data.TaggedError("TaskNotFound")<{ readonly message: string; readonly task: string }> {}

/** The task is closed: a task ends once. */
export class TaskIsClosed extends Data.TaggedError("TaskIsClosed")<{ readonly message: string; readonly task: string }> {}

/** Opens a task about an order; one with a key is opened once, and again only where it ended as `unless` says: when news had settled it. */
export const openTask = (
  tx: Tx,
  order: Pick<Order, "id" | "external" | "location">,
  kind: TaskKind,
  message: string,
  { stock = [], key, unless }: { readonly stock?: NonNullable<OrderTask["stock"]>; readonly key?: string; readonly unless?: string } = {}
): void => {
  const known = key === undefined ? undefined : tx.get(OrderTasks, key)
  if (known !== undefined && (known.status === "open" || known.resolution !== unless)) return
  const id = key ?? tx.newId("tsk")
  const where = order.location === undefined ? {} : { location: order.location }
  tx.put(OrderTasks, id, {
    id,
    order: order.id,
    ...(order.external === undefined ? {} : { external: order.external }),
    kind,
    message,
    ...(stock.length === 0 ? {} : { stock }),
    ...where,
    status: "open",
    openedAt: tx.now
  })
  tx.emit(OrderTaskOpened, order.id, { task: id, order: order.id, kind, message, ...where })
}

/** Ends a task by its key, if it is open: what it was about has settled itself. */
export const endTask = (tx: Tx, key: string, resolution: string): void => {
  const row = tx.get(OrderTasks, key)
  if (row?.status !== "open") return
  tx.put(OrderTasks, key, { ...row, status: "closed", closedAt: tx.now, resolution })
  tx.emit(OrderTaskClosed, row.order, { task: key, order: row.order, kind: row.kind, resolution })
}

/** Ends a task, and says how: "found", "refunded". Errors: `TaskNotFound`, `TaskIsClosed`. */
export const closeTask = operation(
  "orders.closeTask",
  z.object({ task: Id, resolution: z.string().min(1).max(500) }),
  function* (tx, { task, resolution }) {
    const row = tx.get(OrderTasks, task)
    if (row === undefined) return yield* fail(new TaskNotFound({ task, message: `There is no task "${task}".` }))
    if (row.status === "closed")
      return yield* fail(new TaskIsClosed({ task, message: `The task "${task}" is closed: ${row.resolution ?? ""}. A task ends once.` }))
    tx.emit(OrderTaskClosed, row.order, { task, order: row.order, kind: row.kind, resolution })
    return tx.put(OrderTasks, task, { ...row, status: "closed", closedAt: tx.now, resolution })
  }
)
