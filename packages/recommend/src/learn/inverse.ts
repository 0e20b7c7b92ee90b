import type { Steps } from "./steps.ts"

/** Columns that are swept at once: a panel of them stays in the cache of the processor. */
const BLOCK = 64

/** Rows and columns are padded to a multiple of this, so that the innermost loop has no remainder. */
const TILE = 4

/** A square matrix by rows, padded with ones on its diagonal; only entries with `column <= row` mean anything. */
export interface Symmetric {
  readonly size: number
  /** The length of a row, padding included. */
  readonly stride: number
  readonly values: Float64Array
}

/** A matrix of zeros, with ones on the padding's diagonal. */
export const symmetric = (size: number): Symmetric => {
  const stride = Math.ceil(size / TILE) * TILE
  const values = new Float64Array(stride * stride)
  for (let row = size; row < stride; row++) values[row * stride + row] = 1
  return { size, stride, values }
}

/** The entry at a row and a column, in either order. */
export const entry = ({ stride, values }: Symmetric, row: number, column: number): number =>
  (row >= column ? values[row * stride + column] : values[column * stride + row]) ?? 0

/**
 * Replaces a positive definite matrix by the negative of its inverse, in n³/2 multiplications. It sweeps a block of
 * columns K at a time (Goodnight 1979, "A tutorial on the sweep operator"): A_KK becomes -D with D = A_KK⁻¹, A_iK
 * becomes A_iK D, and A_ij loses A_iK D A_Kj. Needs no pivoting, because what is left is positive definite too.
 */
export function* negateInverse(matrix: Symmetric): Steps<void> {
  const { stride, values } = matrix
  for (let from = 0; from < stride; from += BLOCK) {
    const width = Math.min(BLOCK, stride - from)
    const panel = takePanel(matrix, from, width)
    const pivot = invertSmall(values, stride, from, width)
    const swept = timesPivot(panel, pivot, stride, width)
    yield* subtractProduct(values, stride, swept, panel, width)
    putPanel(matrix, from, width, swept, pivot)
  }
}

/** The columns of a block as rows of their own, with zeros where the block crosses itself. */
const takePanel = ({ stride, values }: Symmetric, from: number, width: number): Float64Array => {
  const panel = new Float64Array(stride * width)
  for (let row = 0; row < stride; row++) {
    for (let k = 0; k < width; k++) {
      if (row < from) panel[row * width + k] = values[(from + k) * stride + row]!
      else if (row >= from + width) panel[row * width + k] = values[row * stride + from + k]!
    }
  }
  return panel
}

const putPanel = ({ stride, values }: Symmetric, from: number, width: number, swept: Float64Array, pivot: Float64Array): void => {
  for (let row = 0; row < stride; row++) {
    for (let k = 0; k < width; k++) {
      const value = swept[row * width + k]!
      if (row < from) values[(from + k) * stride + row] = value
      else if (row >= from + width) values[row * stride + from + k] = value
      else values[row * stride + from + k] = -pivot[(row - from) * width + k]!
    }
  }
}

/** The inverse of a diagonal block, by sweeping one column at a time. */
const invertSmall = (values: Float64Array, stride: number, from: number, width: number): Float64Array => {
  const block = new Float64Array(width * width)
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) block[i * width + j] = block[j * width + i] = values[(from + i) * stride + from + j]!
  }
  for (let k = 0; k < width; k++) {
    const by = 1 / block[k * width + k]!
    const column = Float64Array.from({ length: width }, (_, i) => block[i * width + k]!)
    for (let i = 0; i < width; i++) {
      const factor = column[i]! * by
      for (let j = 0; j < width; j++) block[i * width + j]! -= factor * column[j]!
    }
    for (let i = 0; i < width; i++) block[i * width + k] = block[k * width + i] = column[i]! * by
    block[k * width + k] = -by
  }
  return block.map((value) => -value)
}

const timesPivot = (panel: Float64Array, pivot: Float64Array, rows: number, width: number): Float64Array => {
  const product = new Float64Array(rows * width)
  for (let row = 0; row < rows; row++) {
    for (let k = 0; k < width; k++) {
      const factor = panel[row * width + k]!
      if (factor === 0) continue
      for (let j = 0; j < width; j++) product[row * width + j]! += factor * pivot[k * width + j]!
    }
  }
  return product
}

/** Takes left · rightᵀ off the lower triangle, in tiles of four by four that are kept in registers. */
function* subtractProduct(values: Float64Array, stride: number, left: Float64Array, right: Float64Array, width: number): Steps<void> {
  for (let i = 0; i < stride; i += TILE) {
    subtractRow(values, stride, left, right, width, i)
    yield
  }
}

const subtractRow = (values: Float64Array, stride: number, left: Float64Array, right: Float64Array, width: number, i: number): void => {
  for (let j = 0; j <= i; j += TILE) subtractTile(values, stride, left, right, width, i, j)
}

const subtractTile = (v: Float64Array, stride: number, left: Float64Array, right: Float64Array, width: number, i: number, j: number) => {
  const l0 = i * width
  const l1 = l0 + width
  const l2 = l1 + width
  const l3 = l2 + width
  const r0 = j * width
  const r1 = r0 + width
  const r2 = r1 + width
  const r3 = r2 + width
  let [c00, c01, c02, c03] = [0, 0, 0, 0]
  let [c10, c11, c12, c13] = [0, 0, 0, 0]
  let [c20, c21, c22, c23] = [0, 0, 0, 0]
  let [c30, c31, c32, c33] = [0, 0, 0, 0]
  for (let k = 0; k < width; k++) {
    const x0 = left[l0 + k]!
    const x1 = left[l1 + k]!
    const x2 = left[l2 + k]!
    const x3 = left[l3 + k]!
    const y0 = right[r0 + k]!
    const y1 = right[r1 + k]!
    const y2 = right[r2 + k]!
    const y3 = right[r3 + k]!
    c00 += x0 * y0
    c01 += x0 * y1
    c02 += x0 * y2
    c03 += x0 * y3
    c10 += x1 * y0
    c11 += x1 * y1
    c12 += x1 * y2
    c13 += x1 * y3
    c20 += x2 * y0
    c21 += x2 * y1
    c22 += x2 * y2
    c23 += x2 * y3
    c30 += x3 * y0
    c31 += x3 * y1
    c32 += x3 * y2
    c33 += x3 * y3
  }
  take(v, i * stride + j, c00, c01, c02, c03)
  take(v, (i + 1) * stride + j, c10, c11, c12, c13)
  take(v, (i + 2) * stride + j, c20, c21, c22, c23)
  take(v, (i + 3) * stride + j, c30, c31, c32, c33)
}

const take = (values: Float64Array, at: number, a: number, b: number, c: number, d: number): void => {
  values[at]! -= a
  values[at + 1]! -= b
  values[at + 2]! -= c
  values[at + 3]! -= d
}
