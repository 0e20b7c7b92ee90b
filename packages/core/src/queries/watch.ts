import { invalidInput } from "../client/engine.ts"
import type { Caller } from "../client/service.ts"
import { ask } from "./ask.ts"
import type { Answer, AnyQuery } from "./query.ts"

/** How often a store that cannot wake its readers is looked at (ms). */
const POLL = 500

/**
 * The answer of a query now, and again whenever it has become another one. A watcher is told of every change that is still there when it
 * looks; answers that came and went between two looks are passed over.
 */
export async function* watch(
  caller: Caller,
  query: AnyQuery,
  input: unknown,
  options: { readonly signal?: AbortSignal } = {}
): AsyncGenerator<Answer<unknown>> {
  const parsed = query.input.safeParse(input)
  if (!parsed.success) throw invalidInput(query.name, parsed.error.issues)
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
  const watching = await scope.store.watch?.(wake)
  options.signal?.addEventListener("abort", wake)
  try {
    let told: string | undefined
    let position: string | undefined
    while (options.signal?.aborted !== true) {
      woken = new AbortController()
      stale = false
      const { answer, collections } = await ask(scope, caller.engine.now, query, parsed.data as never)
      read = collections
      if (!answer.ok) throw answer.error
      const text = JSON.stringify(answer.value.value)
      if (text !== told) yield answer.value
      told = text
      position = answer.value.position
      // `as`: the listeners above change it while the answer is made.
      while (!(stale as boolean)) {
        await clock.sleep(watching === undefined ? POLL : 60_000, woken.signal)
        if (watching === undefined && !(stale as boolean) && (await scope.store.read([])).position !== position) stale = true
      }
    }
  } finally {
    unlisten()
    options.signal?.removeEventListener("abort", wake)
    await watching?.[Symbol.asyncDispose]()
  }
}
