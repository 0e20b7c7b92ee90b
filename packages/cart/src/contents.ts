import { type Cart, type CartLine, MOST_PIECES, type RemovedLine, type Stamped, type WaitingLine } from "./model.ts"

/** What a cart holds, and what it has to remember so that late and repeated changes do no harm. */
export type Contents = Pick<Cart, "lines" | "removed" | "waiting" | "ahead">

/** What is known of a line when it is added. */
export type Article = Pick<CartLine, "variant" | "product" | "sku" | "options" | "custom" | "channel" | "agreed">

/** A change of a line, at the time when somebody made it. `id` names the change: told twice it counts once. */
export type Change =
  | ({ readonly kind: "add"; readonly line: string; readonly article: Article } & Stamped)
  | ({ readonly kind: "set"; readonly line: string } & Stamped)
  | { readonly kind: "remove"; readonly line: string }

/** How many removed lines a cart remembers, and how many that have not come; the latest. */
const MOST_REMEMBERED = 1_000

/** How many additions are kept one by one; earlier ones become one figure, and what is older than that comes too late. */
const MOST_ADDS = 100

/**
 * A cart after a change. Laws: whatever order changes arrive in, and however often each is told, the cart is the same; a line that was
 * removed does not come back; of two that say how many, the later one holds, and what was added after it is added to it.
 */
export const changed = (contents: Contents, change: Change): Contents => {
  if (change.kind === "remove") return withoutLine(contents, change.line)
  const known = contents.lines.find((line) => isNamed(line, change.line))
  if (isRemoved(contents, change.line, change.kind === "add" ? change.article.variant : known?.variant)) return contents
  if (change.kind === "set") {
    if (known === undefined) return { ...contents, waiting: withWaiting(contents.waiting ?? [], change) }
    return withLine(contents, known, whenSet(known, change))
  }
  const { id, at, quantity, article, line } = change
  const added = { id, at, quantity }
  if (known !== undefined) return withLine(contents, known, whenAdded(known.id === line ? describedBy(known, article, at) : known, added))
  const said = contents.waiting?.find((one) => one.line === line)
  const fresh: CartLine = { id: line, ...article, quantity, addedAt: at, adds: [added] }
  const waiting = contents.waiting?.filter((one) => one.line !== line)
  return {
    ...contents,
    ...(waiting === undefined ? {} : { waiting }),
    lines: withNew(contents.lines, said === undefined ? shaped(fresh) : whenSet(fresh, said))
  }
}

/** What two lines must have in common to be one: also the quote that their price is from. */
export const lineKey = ({ variant, options, custom, agreed }: Pick<CartLine, "variant" | "options" | "custom" | "agreed">): string =>
  JSON.stringify([variant, sorted(options), sorted(custom), ...(agreed === undefined ? [] : [agreed.quote])])

/** Lines by when they were added. */
export const inOrder = (lines: ReadonlyArray<CartLine>): ReadonlyArray<CartLine> => [...lines].sort((a, b) => (isBefore(a, b) ? -1 : 1))

const isBefore = (a: CartLine, b: CartLine): boolean => a.addedAt < b.addedAt || (a.addedAt === b.addedAt && a.id < b.id)

/** Lines that are in order with one more; most come last. */
const withNew = (lines: ReadonlyArray<CartLine>, line: CartLine): ReadonlyArray<CartLine> => {
  const at = lines.findLastIndex((one) => isBefore(one, line)) + 1
  return lines.toSpliced(at, 0, line)
}

/** Whether an id names a line: its own, or that of a line that came into it. */
export const isNamed = (line: CartLine, id: string): boolean => line.id === id || line.merged?.includes(id) === true

/** Whether a line of this id was removed; one that is called the same and is another variant was not. */
export const isRemoved = ({ removed = [] }: Contents, line: string, variant: string | undefined): boolean =>
  removed.some((one) => one.line === line && (variant === undefined || one.variant === undefined || one.variant === variant))

/** The last change of a line's quantity. */
export const latest = (line: CartLine): Stamped => addsOf(line).reduce((last, one) => (isAfter(one, last) ? one : last), line.set ?? first)

/** A time for a change that somebody makes now: after all that is known of the line; of a new one, after the other lines were added. */
export const timeAfter = ({ lines }: Contents, line: CartLine | undefined, now: number): number =>
  Math.max(now, line === undefined ? Math.max(...lines.map(({ addedAt }) => addedAt), -Infinity) + 1 : latest(line).at + 1)

/** A line of so many, whatever was added before. */
export const whenSet = (line: CartLine, { id, at, quantity }: Stamped): CartLine =>
  line.set !== undefined && !isAfter({ id, at, quantity }, line.set)
    ? line
    : shaped({ ...line, adds: addsOf(line).filter((one) => isAfter(one, { id, at, quantity })), set: { id, at, quantity } })

const first: Stamped = { id: "", at: -Infinity, quantity: 1 }

const whenAdded = (line: CartLine, added: Stamped): CartLine => {
  const adds = addsOf(line)
  if (adds.some(({ id }) => id === added.id) || (line.set !== undefined && !isAfter(added, line.set))) return line
  return shaped({ ...line, adds: [...adds, added] })
}

/** The order of changes is their time; of two at one moment, their ids. */
const isAfter = (a: Stamped, b: Stamped): boolean => a.at > b.at || (a.at === b.at && a.id > b.id)

const addsOf = ({ id, addedAt, adds, set, quantity }: CartLine): ReadonlyArray<Stamped> =>
  adds ?? (set === undefined ? [{ id, at: addedAt, quantity }] : [])

/** A line with its quantity worked out, kept as short as it can be. */
const shaped = (line: CartLine): CartLine => {
  const { adds: _, set: _s, ...rest } = line
  const { adds, set } = folded(line)
  const sum = adds.reduce((total, { quantity }) => total + quantity, set?.quantity ?? 0)
  const plain = set === undefined && adds.length === 1 && adds[0]!.id === line.id && adds[0]!.at === line.addedAt
  return {
    ...rest,
    ...(set === undefined ? {} : { set }),
    ...(plain || adds.length === 0 ? {} : { adds }),
    quantity: Math.min(sum, MOST_PIECES)
  }
}

const folded = (line: CartLine): { readonly adds: ReadonlyArray<Stamped>; readonly set: Stamped | undefined } => {
  const adds = [...addsOf(line)].sort((a, b) => (isAfter(a, b) ? 1 : -1))
  if (adds.length <= MOST_ADDS) return { adds, set: line.set }
  const old = adds.slice(0, MOST_ADDS / 2)
  const quantity = old.reduce((total, one) => total + one.quantity, line.set?.quantity ?? 0)
  return { adds: adds.slice(MOST_ADDS / 2), set: { ...old.at(-1)!, quantity: Math.min(quantity, MOST_PIECES) } }
}

/** What a line is, the earliest of those who added it says. */
const describedBy = (line: CartLine, article: Article, at: number): CartLine => {
  const isEarlier = at < line.addedAt || (at === line.addedAt && articleKey(article) < articleKey(line))
  return isEarlier ? { ...writtenOut(line), ...article, addedAt: at } : line
}

const articleKey = (article: Article): string => JSON.stringify([lineKey(article), article.product, article.sku, article.channel])

const sorted = (record: Readonly<Record<string, unknown>>) => Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))

/** What a line began with is named by its id and time, so it is written out before they change. */
const writtenOut = (line: CartLine): CartLine =>
  line.adds === undefined && line.set === undefined ? { ...line, adds: addsOf(line) } : line

/** The same line under another id. */
export const renamed = (line: CartLine, id: string): CartLine => (line.id === id ? line : { ...writtenOut(line), id })

const withLine = (contents: Contents, known: CartLine, line: CartLine): Contents => {
  if (line === known) return contents
  const lines = contents.lines.with(contents.lines.indexOf(known), line)
  return { ...contents, lines: line.addedAt === known.addedAt ? lines : inOrder(lines) }
}

const withoutLine = (contents: Contents, id: string): Contents => {
  const line = contents.lines.find((one) => isNamed(one, id))
  const names = line === undefined ? [id] : [...new Set([line.id, ...(line.merged ?? []), id])]
  const { waiting, ahead } = contents
  return {
    ...(ahead === undefined ? {} : { ahead }),
    lines: contents.lines.filter((one) => one !== line),
    removed: withRemoved(
      contents.removed ?? [],
      names.map((name) => ({ line: name, ...(line === undefined ? {} : { variant: line.variant }) }))
    ),
    ...(waiting === undefined ? {} : { waiting: waiting.filter((one) => !names.includes(one.line)) })
  }
}

/** Removed lines of two accounts of them: what one has removed without knowing what it was holds for any. */
export const withRemoved = (a: ReadonlyArray<RemovedLine>, b: ReadonlyArray<RemovedLine>): ReadonlyArray<RemovedLine> =>
  united(a, b, (one, other) => one.line === other.line && one.variant === other.variant).slice(-MOST_REMEMBERED)

/** Both lists, each thing once: where it stands first, as it is told last. */
export const united = <T>(a: ReadonlyArray<T>, b: ReadonlyArray<T>, isSame: (one: T, other: T) => boolean): ReadonlyArray<T> => {
  const all = [...a]
  for (const one of b) {
    const at = all.findIndex((other) => isSame(one, other))
    all[at < 0 ? all.length : at] = one
  }
  return all
}

/** What was said of lines that are not here, the latest of each. */
export const withWaiting = (a: ReadonlyArray<WaitingLine>, { line, id, at, quantity }: WaitingLine): ReadonlyArray<WaitingLine> => {
  const said = { line, id, at, quantity }
  const known = a.find((one) => one.line === line)
  if (known !== undefined && !isAfter(said, known)) return a
  return [...a.filter((one) => one !== known), said].slice(-MOST_REMEMBERED)
}
