const longest = 60
const mostItems = 10

/** A value in a message: JSON, shortened. Any value will do, also one that contains itself. */
export const shown = (value: unknown): string => {
  const text = textOf(value, 3)
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text
}

const textOf = (value: unknown, levels: number): string => {
  if (typeof value === "string") return JSON.stringify(value.slice(0, longest))
  if (typeof value !== "object" || value === null) return String(value)
  if (levels === 0) return "..."
  if (Array.isArray(value)) return `[${listed(value.slice(0, mostItems + 1), (item) => textOf(item, levels - 1))}]`
  const entries = Object.entries(value).slice(0, mostItems + 1)
  return `{${listed(entries, ([key, item]) => `${JSON.stringify(key)}:${textOf(item, levels - 1)}`)}}`
}

const listed = <Item>(items: ReadonlyArray<Item>, text: (item: Item) => string): string =>
  items.map((item, at) => (at < mostItems ? text(item) : "...")).join(",")
