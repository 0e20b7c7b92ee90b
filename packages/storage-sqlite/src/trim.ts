import type { StoreFile } from "./file.ts"
import { logEnds } from "./reading.ts"

/** Events removed in one transaction, so that commits come in between. */
const STEP = 512

/** First nobody may read them any more; then they go, a few at a time. What a crash leaves behind goes with the next trim. */
export const trim = async (file: StoreFile, name: string, upto: number): Promise<void> => {
  const scope = await file.reading(name, async ({ on, names }) => names.scope(name, on))
  if (scope === undefined || upto === 0) return
  await file.writing(async () => {
    const source = file.locked(name)
    source.on.sql("update scope set floor = max(floor, min(?, ?)) where id = ?").run(upto, logEnds(source)[0], scope)
    file.finish()
  })
  while (await file.writing(async () => removeSome(file, name, scope)));
}

const removeSome = (file: StoreFile, name: string, scope: number): boolean => {
  const { on } = file.locked(name)
  const sql =
    "delete from event where scope = ?1 and position in (select position from event where scope = ?1 and position <= (select floor from scope where id = ?1) order by position limit ?2)"
  const { changes } = on.sql(sql).run(scope, STEP)
  file.finish()
  return changes === STEP
}
