import { checkInvoice, type InvoiceFragment, invoiceRules } from "@omni/orders"

import { type Case, type DataFile, defineSuite } from "../../../scripts/conform/suite.ts"

/** A part with flags in the place of its texts. */
interface Flagged {
  readonly hasReason?: boolean
  readonly hasReasonCode?: boolean
}

interface Line {
  readonly allowancesAndCharges?: ReadonlyArray<Flagged>
}

interface Content {
  readonly cases: ReadonlyArray<{
    readonly rule: string
    readonly id: string
    readonly valid: boolean
    readonly fragment: {
      readonly lines?: ReadonlyArray<Line>
      readonly allowancesAndCharges?: ReadonlyArray<Flagged>
      readonly seller?: { readonly hasIdentifier?: boolean; readonly hasTaxIdentifier?: boolean; readonly hasLegalIdentifier?: boolean }
    }
  }>
}

interface Input {
  readonly rule: string
  readonly fragment: Content["cases"][number]["fragment"]
}

const contentOf = (file: DataFile): Content => JSON.parse(file.text)

function* cases(file: DataFile): Iterable<Case<Input>> {
  for (const { rule, id, valid, fragment } of contentOf(file).cases) yield { name: id, input: { rule, fragment }, want: valid }
}

const partOf = ({ hasReason, hasReasonCode, ...part }: Flagged) => ({
  ...part,
  ...(hasReason === true ? { reason: "a reason" } : {}),
  ...(hasReasonCode === true ? { reasonCode: "95" } : {})
})

const lineOf = ({ allowancesAndCharges, ...line }: Line) =>
  allowancesAndCharges === undefined ? line : { ...line, allowancesAndCharges: allowancesAndCharges.map(partOf) }

const sellerOf = ({ hasIdentifier, hasTaxIdentifier, hasLegalIdentifier }: NonNullable<Input["fragment"]["seller"]>) => ({
  ...(hasIdentifier === true ? { ids: [{ id: "1" }] } : {}),
  ...(hasTaxIdentifier === true ? { vatId: "DE1" } : {}),
  ...(hasLegalIdentifier === true ? { legalId: { id: "HRB 1" } } : {})
})

const run = ({ rule, fragment: { lines, allowancesAndCharges, seller, ...rest } }: Input): unknown => {
  if (!invoiceRules.some(({ id }) => id === rule)) throw new Error(`the rule ${rule} is not checked`)
  const invoice: InvoiceFragment = {
    ...rest,
    ...(lines === undefined ? {} : { lines: lines.map(lineOf) }),
    ...(allowancesAndCharges === undefined ? {} : { allowancesAndCharges: allowancesAndCharges.map(partOf) }),
    ...(seller === undefined ? {} : { seller: sellerOf(seller) })
  }
  const broken = checkInvoice(invoice, [rule])
  return broken.length === 0 ? true : { broken }
}

/** Rules of EN 16931, one by one on fragments: files of `{ cases: [{ rule, id, valid, fragment }] }`. */
export const suite = defineSuite<Input>({
  name: "en16931-arithmetic",
  accepts: (file) => file.name.endsWith(".json") && contentOf(file).cases?.[0]?.fragment !== undefined,
  cases,
  run,
  agrees: (want, got) => want === (got === true)
})
