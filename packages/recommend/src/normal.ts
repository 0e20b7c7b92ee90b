/** The share of a standard normal distribution between −z and z: 2 φ(z) (z + z³/3 + z⁵/(3·5) + …). */
const within = (z: number): number => {
  let term = z
  let sum = z
  for (let odd = 3; term > sum * 1e-17; odd += 2) sum += term *= (z * z) / odd
  return (2 * sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI)
}

/** The z that holds a share `confidence` (above 0, below 1) of a standard normal distribution between −z and z: 1.959964 for 0.95. */
export const zOf = (confidence: number): number => {
  let [low, high] = [0, 9]
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (within(middle) < confidence) low = middle
    else high = middle
  }
  return high
}
