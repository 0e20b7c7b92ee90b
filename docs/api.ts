/**
 * Writes `packages/<name>/api.md`: the public surface of each entry, read from the declarations that are published.
 * `--check` only says what differs. It lives here because it needs the JavaScript API of TypeScript 6.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join, relative } from "node:path"

import ts from "typescript"

import { entries, type Entry, type Package, packages, root } from "../scripts/workspace.ts"

const printer = ts.createPrinter({ removeComments: true })

const print = (node: ts.Node): string => printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())

/** `class A extends Data.TaggedError("A")` is declared by way of a constant `A_base`, which holds the tag. */
const baseOf = (node: ts.Node): ReadonlyArray<string> => {
  if (!ts.isClassDeclaration(node)) return []
  const base = `${node.name?.text}_base`
  return node
    .getSourceFile()
    .statements.filter(ts.isVariableStatement)
    .filter(({ declarationList }) => declarationList.declarations.some(({ name }) => name.getText() === base))
    .map(print)
}

/** A variable is declared inside a statement, which carries its `export declare const`. */
const textsOf = (declaration: ts.Declaration): ReadonlyArray<string> => {
  if (ts.isSourceFile(declaration)) return [`// all of ${relative(root, declaration.fileName)}`]
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration
  return [...baseOf(node), print(node)]
}

const signature = (checker: ts.TypeChecker, symbol: ts.Symbol): string => {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  const renamed = target.name === symbol.name ? [] : [`// exported as ${symbol.name}`]
  return [...renamed, ...new Set((target.declarations ?? []).flatMap(textsOf))].join("\n")
}

const declarationsOf = (pkg: Package, { built }: Entry) => join(pkg.dir, "dist", `${built}.d.ts`)

const program = ts.createProgram(
  packages().flatMap((pkg) => entries(pkg).map((entry) => declarationsOf(pkg, entry))),
  { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, skipLibCheck: true, types: [] }
)
const checker = program.getTypeChecker()

const surface = (file: string): string => {
  const source = program.getSourceFile(file)
  const module = source && checker.getSymbolAtLocation(source)
  if (module === undefined) throw new Error(`${relative(root, file)} exports nothing: run \`pnpm build\` first`)
  return checker
    .getExportsOfModule(module)
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .map((symbol) => signature(checker, symbol))
    .join("\n\n")
}

const report = (pkg: Package): string =>
  [
    `# The public surface of ${pkg.manifest.name}\n\nWritten by \`pnpm api\`.\n`,
    ...entries(pkg).map((entry) => `## ${entry.specifier}\n\n\`\`\`ts\n${surface(declarationsOf(pkg, entry))}\n\`\`\`\n`)
  ].join("\n")

const checkOnly = process.argv.includes("--check")
for (const pkg of packages().filter((candidate) => entries(candidate).length > 0)) {
  const file = join(pkg.dir, "api.md")
  const text = report(pkg)
  if (existsSync(file) && readFileSync(file, "utf8") === text) continue
  if (checkOnly) process.exitCode = 1
  else writeFileSync(file, text)
  console.log(`${checkOnly ? "differs, run `pnpm api`" : "written"}: ${relative(root, file)}`)
}
