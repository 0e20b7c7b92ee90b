/** The keys of a dotted path; a dot that belongs to a key is written `\.`, a backslash before it `\\`. */
export const parsePath = (text: string): ReadonlyArray<string> => {
  if (text.includes("\\")) return split(text)
  return text.includes(".") ? text.split(".") : [text]
}

const split = (text: string): ReadonlyArray<string> => {
  const keys: Array<string> = []
  let key = ""
  for (let at = 0; at < text.length; at++) {
    const next = text[at + 1]
    if (text[at] === "\\" && (next === "." || next === "\\")) {
      key += next
      at++
    } else if (text[at] === ".") {
      keys.push(key)
      key = ""
    } else key += text[at]
  }
  return [...keys, key]
}

/** The dotted path of keys: the inverse of `parsePath`. */
export const pathText = (keys: ReadonlyArray<string>): string => keys.map(escaped).join(".")

const escaped = (key: string): string => (key.includes(".") || key.includes("\\") ? key.replace(/[\\.]/g, "\\$&") : key)
