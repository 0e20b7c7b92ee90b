import { InvalidStatistic } from "./errors.ts"

const density = (z: number): number => Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)

/**
 * The share of a standard normal distribution below `z`: ½ + φ(z) (z + z³/3 + z⁵/15 + …), exact to about 10⁻¹⁵
 * (G. Marsaglia, "Evaluating the Normal Distribution", Journal of Statistical Software 11, 2004).
 */
export const normalBelow = (z: number): number => {
  if (Math.abs(z) > 8) return z > 0 ? 1 : 0
  let term = z
  let sum = z
  for (let k = 3; sum + (term *= (z * z) / k) !== sum; k += 2) sum += term
  return 0.5 + sum * density(z)
}

/** The z that holds a share `confidence` of a standard normal distribution between −z and z: 1.959964 for 0.95. Throws `InvalidStatistic`. */
export const zOf = (confidence: number): number => {
  if (!(confidence > 0 && confidence < 1))
    throw new InvalidStatistic({ message: `A confidence lies between 0 and 1, such as 0.95; this one is ${confidence}.` })
  // Above its middle the distribution is concave, so Newton's steps come from below and never pass the root.
  let z = 0
  for (let step = Infinity; step > 1e-15 * (1 + z); z += step) step = (confidence / 2 + 0.5 - normalBelow(z)) / density(z)
  return z
}
