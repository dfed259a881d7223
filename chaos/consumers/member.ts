import { runGroupProcess } from '../../dev/group-process';
import { readEnvironment } from '../../platform/config';
import { GROUPS, type SoakGroup } from './groups';

runGroupProcess(GROUPS[readEnvironment()['SOAK_GROUP'] as SoakGroup]);
