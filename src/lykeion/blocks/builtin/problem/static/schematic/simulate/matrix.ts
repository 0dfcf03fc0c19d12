/** A dense square matrix, row by row. */
export type Matrix = Float64Array[];

const NOTHING = 1e-14; // a pivot this small beside its row is rounding, not a value

export function zeros(size: number): Matrix {
  return Array.from({ length: size }, () => new Float64Array(size));
}

export function times(matrix: Matrix, vector: Float64Array): Float64Array {
  const result = new Float64Array(matrix.length);
  for (let row = 0; row < matrix.length; row += 1) {
    const values = matrix[row]!;
    for (let column = 0; column < values.length; column += 1) result[row]! += values[column]! * vector[column]!;
  }
  return result;
}

/** a + factor * b */
export function plus(a: Matrix, b: Matrix, factor: number): Matrix {
  const result = copy(a);
  for (let row = 0; row < a.length; row += 1) {
    const [values, added] = [result[row]!, b[row]!];
    for (let column = 0; column < added.length; column += 1) values[column]! += factor * added[column]!;
  }
  return result;
}

export function copy(matrix: Matrix): Matrix {
  const result: Matrix = new Array(matrix.length);
  for (let row = 0; row < matrix.length; row += 1) result[row] = matrix[row]!.slice();
  return result;
}

/**
 * Solves matrix * x = right by elimination; pivots are chosen by their size beside their row, so that microamperes and
 * kiloamperes count alike. Unknowns that nothing decides are 0. Both arguments are used up.
 */
export function solve(matrix: Matrix, right: Float64Array): Float64Array {
  const size = right.length;
  const scale = scales(matrix);
  let rank = 0;
  const pivots: number[] = [];
  for (let column = 0; column < size; column += 1) {
    const row = pivotRow(matrix, scale, column, rank);
    if (row < 0) continue;
    [matrix[row], matrix[rank]] = [matrix[rank]!, matrix[row]!];
    [scale[row], scale[rank]] = [scale[rank]!, scale[row]!];
    [right[row], right[rank]] = [right[rank]!, right[row]!];
    eliminate(matrix, right, column, rank);
    pivots.push(column);
    rank += 1;
  }
  return backwards(matrix, right, pivots, size);
}

/** The largest value of each row. */
function scales(matrix: Matrix): Float64Array {
  const result = new Float64Array(matrix.length);
  for (let row = 0; row < matrix.length; row += 1) {
    const values = matrix[row]!;
    let most = 0;
    for (let column = 0; column < values.length; column += 1) most = Math.max(most, Math.abs(values[column]!));
    result[row] = most || 1;
  }
  return result;
}

function pivotRow(matrix: Matrix, scale: Float64Array, column: number, from: number): number {
  let [best, most] = [-1, NOTHING];
  for (let row = from; row < matrix.length; row += 1) {
    const size = Math.abs(matrix[row]![column]!) / scale[row]!;
    if (size > most) [best, most] = [row, size];
  }
  return best;
}

function eliminate(matrix: Matrix, right: Float64Array, column: number, top: number): void {
  const pivot = matrix[top]!;
  for (let row = top + 1; row < matrix.length; row += 1) {
    const current = matrix[row]!;
    if (current[column] === 0) continue;
    const factor = current[column]! / pivot[column]!;
    for (let index = column; index < pivot.length; index += 1) current[index]! -= factor * pivot[index]!;
    right[row]! -= factor * right[top]!;
  }
}

function backwards(matrix: Matrix, right: Float64Array, pivots: number[], size: number): Float64Array {
  const solution = new Float64Array(size);
  for (let row = pivots.length - 1; row >= 0; row -= 1) {
    const column = pivots[row]!;
    let value = right[row]!;
    for (let index = column + 1; index < size; index += 1) value -= matrix[row]![index]! * solution[index]!;
    solution[column] = value / matrix[row]![column]!;
  }
  return solution;
}
