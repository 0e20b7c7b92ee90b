/** The rules of the house that no shipped rule expresses, as an oxlint plugin. */

interface Node {
  readonly type: string
  readonly name?: string
  readonly arguments?: ReadonlyArray<Node>
  readonly callee?: Node
  readonly expression?: Node
  readonly typeAnnotation?: Node
}

interface Context {
  readonly report: (finding: { readonly node: Node; readonly message: string }) => void
}

const isNamed = (node: Node | undefined, name: string) => node?.type === "Identifier" && node.name === name

const rule = (type: string, message: string, isWrong: (node: Node) => boolean) => ({
  create: (context: Context) => ({
    [type]: (node: Node) => {
      if (isWrong(node)) context.report({ node, message })
    }
  })
})

export default {
  meta: { name: "omni" },
  rules: {
    "no-current-date": rule(
      "NewExpression",
      "The clock is `tx.now` (in the engine: the `clock` option); `new Date()` reads the machine's.",
      (node) => isNamed(node.callee, "Date") && node.arguments?.length === 0
    ),
    "no-double-cast": rule(
      "TSAsExpression",
      "`as unknown as` hides a wrong type; narrow, parse, or brand the value instead.",
      ({ expression }) => expression?.type === "TSAsExpression" && expression.typeAnnotation?.type === "TSUnknownKeyword"
    ),
    "no-enum": rule("TSEnumDeclaration", "Use a union of string literals instead of an enum.", () => true)
  }
}
