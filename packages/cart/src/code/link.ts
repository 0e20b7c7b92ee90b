import type { Settings } from "../settings.ts"
import { secretText } from "./code.ts"

/** A code for a link. Nobody can guess it where the app has a secret; else it is an id like any other. */
export const linkCode = ({ secret }: Pick<Settings, "secret">, id: string): string =>
  secret === undefined ? id : secretText(secret, `link ${id}`, 26)
