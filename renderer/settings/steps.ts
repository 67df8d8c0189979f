/** Steps to choose from, with the present value among them where it is none of them. */
export function withCurrent(steps: readonly number[], current: number | null): readonly number[] {
  if (current === null || steps.includes(current)) return steps;
  return [...steps, current].sort((one, other) => one - other);
}
