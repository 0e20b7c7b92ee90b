import { checkInput } from "../client/input.ts"
import type { Caller } from "../client/service.ts"
import { ask } from "./ask.ts"
import type { Answer, AnyQuery } from "./query.ts"

/** How often a store that cannot wake its readers is looked at (ms). */
const POLL = 500

/**
 * The answer of a query now, and again whenever it has become another one. A watcher is told of every change that is still there when it
 * looks; answers that came and went between two looks are passed over. It ends when its signal is aborted, or the app is closed.
 */
export async function* watch(
  caller: Caller,
  query: AnyQuery,
  input: unknown,
  options: { readonly signal?: AbortSignal } = {}
): AsyncGenerator<Answer<unknown>> {
  const checked = checkInput(query.name, query.input, input)
  if (!checked.ok) throw checked.error
  const { closing } = caller.engine
  if (closing.aborted) return
  const { clock } = caller.engine.options.platform
  const scope = await caller.engine.scope(caller.tenant)
  let read: ReadonlySet<string> = new Set()
  let stale = false
  let woken = new AbortController()
  const wake = () => {
    stale = true
    woken.abort()
  }
  const unlisten = scope.transactor.onCommit((written) => {
    for (const name of written) if (read.has(name)) return wake()
  })
  // A store that does not answer is no change; asking the query will tell of it.
  const head = async () => (await scope.store.read([]).catch(() => undefined))?.position
  const watching = await scope.store.watch?.(wake)
  const isOver = (): boolean => closing.aborted || options.signal?.aborted === true
  for (const signal of [closing, options.signal]) signal?.addEventListener("abort", wake)
  try {
    let told: string | undefined
    let position: string | undefined
    while (!isOver()) {
      woken = new AbortController()
      stale = false
      // What a store that is being closed answers with is no answer.
      const asked = await ask(scope, caller.engine.now, query, checked.value as never).catch((error: unknown) => {
        if (!closing.aborted) throw error
      })
      if (asked === undefined) return
      const { answer, collections } = asked
      read = collections
      if (!answer.ok) throw answer.error
      const text = JSON.stringify(answer.value.value)
      if (text !== told) yield answer.value
      told = text
      position = answer.value.position
      // `as`: the listeners above change it while the answer is made.
      while (!(stale as boolean) && !isOver()) {
        await clock.sleep(watching === undefined ? POLL : 60_000, woken.signal)
        if (watching === undefined && !(stale as boolean) && (await head()) !== position) stale = true
      }
    }
  } finally {
    unlisten()
    for (const signal of [closing, options.signal]) signal?.removeEventListener("abort", wake)
    await watching?.[Symbol.asyncDispose]()
  }
}
