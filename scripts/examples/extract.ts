/** An example of a page: the line of its first line there, and its code. */
export interface Example {
  readonly line: number
  readonly code: string
}

const fence = /^```ts\n([\s\S]*?)^```$/gm

/** The blocks fenced as `ts` and nothing more, in the order of the page; ```` ```ts sketch ```` is not run. */
export const examplesIn = (page: string): ReadonlyArray<Example> =>
  [...page.matchAll(fence)].map((match) => ({
    line: page.slice(0, match.index).split("\n").length + 1,
    code: match[1] ?? ""
  }))

const claim = /^(\s*)(?:const (\w+)(?:: [^=]+)? = )?(.+?)\s*\/\/ => (.+)$/
const logged = /^console\.log\((.+)\)$/

const assertClaim = (line: string): string => {
  const [, indent, name, expression = "", value] = claim.exec(line) ?? []
  if (value === undefined) return line
  const shown = logged.exec(expression)?.[1] ?? expression
  return name === undefined
    ? `${indent}isExactly(${shown}, ${value})`
    : `${indent}const ${name} = ${expression}; isExactly(${name}, ${value})`
}

/**
 * The example as a module: `expression // => value` and `const name = expression // => value` become assertions,
 * and each line keeps its number in the page, so that an error points at the page.
 */
export const toModule = ({ code, line }: Example): string => {
  const header = 'import { deepStrictEqual as isExactly } from "node:assert/strict"; void isExactly'
  return `${header}${"\n".repeat(line - 1)}${code.split("\n").map(assertClaim).join("\n")}`
}
