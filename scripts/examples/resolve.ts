/** Loaded before an example: a package of the workspace is found by its folder, so that nothing has to list it. */
import { registerHooks } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

import { root } from "../workspace.ts"

registerHooks({
  resolve: (specifier, context, next) => {
    const short = /^@omni\/([^/]+)/.exec(specifier)?.[1]
    if (short === undefined) return next(specifier, context)
    const parentURL = pathToFileURL(join(root, "packages", short, "package.json")).href
    return next(specifier, { ...context, parentURL })
  }
})
