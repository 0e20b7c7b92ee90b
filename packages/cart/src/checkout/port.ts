import type { Tx } from "@omni/core"
import type {
  CheckoutDeclined,
  CheckoutNotFound,
  CheckoutOver,
  CheckoutState,
  OpenedCheckout,
  OrderRequest,
  TenderInput
} from "@omni/orders"

/** What the cart asks of payments: `operations` of `payments()` have it. */
export interface PaymentsPort {
  readonly openCheckout: (
    tx: Tx,
    input: { readonly order: OrderRequest; readonly tenders: Array<TenderInput>; readonly ttl?: number }
  ) => Generator<CheckoutDeclined, OpenedCheckout, unknown>
  readonly cancelCheckout: (
    tx: Tx,
    input: { readonly checkout: string }
  ) => Generator<CheckoutNotFound | CheckoutOver, CheckoutState, unknown>
}
