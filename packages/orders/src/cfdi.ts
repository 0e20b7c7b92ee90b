export {
  type CfdiLine,
  cfdiQr,
  type CfdiQrParts,
  type CfdiSeal,
  type CfdiTax,
  type Comprobante,
  comprobanteXml,
  originalString
} from "./invoice/cfdi/comprobante.ts"
export type { CfdiProduct } from "./invoice/cfdi/lines.ts"
export { cfdi, type CfdiOptions, type CfdiPayment, type CfdiReceiver, uuidOf } from "./invoice/cfdi/scheme.ts"
