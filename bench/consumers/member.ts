import { runGroupProcess } from '../../dev/group-process';
import { readEnvironment } from '../../platform/config';
import { GROUPS, type BenchGroup } from './groups';

runGroupProcess(GROUPS[readEnvironment()['BENCH_GROUP'] as BenchGroup]);
