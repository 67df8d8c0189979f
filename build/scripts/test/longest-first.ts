import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Test files that take far longer than their length tells, which is all that a first run goes by. */
const long = /\/(?:accessibility|large-library)\.test\.ts$/u;

/** Begins with what takes longest: what is begun last keeps a single worker busy at the end. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => long.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
