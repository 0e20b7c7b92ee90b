import { entries, packages, root } from "../scripts/workspace.ts"

/** The reference of every public entry, straight from the source; what is left undocumented is an error. */
export default {
  entryPoints: packages().flatMap((pkg) => entries(pkg).map(({ source }) => source)),
  tsconfig: "tsconfig.typedoc.json",
  name: "Omni",
  readme: "../README.md",
  out: "api",
  basePath: root,
  disableSources: true,
  excludeInternal: true,
  excludeExternals: true,
  excludePrivate: true,
  skipErrorChecking: true,
  requiredToBeDocumented: ["Class", "Function", "Interface", "TypeAlias", "Variable"],
  validation: { notDocumented: true, notExported: false, invalidLink: true },
  treatValidationWarningsAsErrors: true
}
