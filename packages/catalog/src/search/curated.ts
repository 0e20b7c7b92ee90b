import type { AskedWhere } from "./module.ts"

/** The cursor of a page that what is pinned has filled: so many of these have had their place. */
export const afterPinned = (passed: number): string => `pinned:${passed}`

/** What is pinned and has still to come: all on the first page, none where the index goes on. */
export const pinnedLeft = (pinned: ReadonlyArray<string>, after: string | undefined): ReadonlyArray<string> => {
  if (after === undefined) return pinned
  const passed = passedIn(after)
  return passed === undefined ? [] : pinned.slice(passed)
}

/** A cursor of the index; `undefined` where the index begins. */
export const indexCursor = (after: string | undefined): string | undefined =>
  after === undefined || passedIn(after) !== undefined ? undefined : after

const passedIn = (after: string): number | undefined => {
  const [, passed] = /^pinned:(\d{1,4})$/.exec(after) ?? []
  return passed === undefined ? undefined : Number(passed)
}

/** What is decided about a text; nothing about none. */
export const curationFor = ({ curation }: AskedWhere, text: string): NonNullable<AskedWhere["curation"]> =>
  text === "" || curation === undefined ? NOTHING : curation

const NOTHING = { pinned: [], hidden: [] } as const
