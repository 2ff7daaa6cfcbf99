/**
 * How a motor is brought up: direct on line or by a soft starter of its own (one contactor for us),
 * or from star to delta by our contactors.
 */
export type Starter = 'direct' | 'starDelta';

/**
 * A driven machine: motor, conveyor, elevator, fan ... Amps and speed are what the monitoring
 * expects.
 */
export interface DriveSettings {
  readonly ratedKw: number;
  readonly ratedAmps: number;
  readonly idleAmps: number;
  /** Warning horn before the first start of a group, s (DOMAIN 3: 5-10). */
  readonly hornS: number;
  /** Contactor feedback within this, s (DOMAIN 3: 2). */
  readonly feedbackS: number;
  /** Speed above 80 % within this after feedback, s (DOMAIN 3: 8; hammer mill 20-40). */
  readonly runUpS: number;
  /** How long it runs on after its feed has stopped, s (DOMAIN 3). */
  readonly cleanOutS: number;
  readonly startsPerHourMax: number;
  readonly starter: Starter;
  /** Throughput limit, t/h; 0 where it conveys nothing (fans). */
  readonly capacityTPerH: number;
}

/**
 * Screw or pump on a variable speed drive. `kgPerHourPerHz` is the flow at 1 Hz of its usual
 * material.
 */
export interface FeederSettings extends DriveSettings {
  readonly hzMax: number;
  readonly coarseHz: number;
  readonly fineHz: number;
  readonly kgPerHourPerHz: number;
}

export interface GateSettings {
  /** Both or neither limit switch after this is a fault, s (DOMAIN 3: 3-6). */
  readonly travelS: number;
  /** Flow through the open gate, t/h. */
  readonly flowTPerH: number;
}

export interface DiverterSettings {
  readonly positions: number;
  readonly travelS: number;
}

export interface ScaleSettings {
  readonly capacityKg: number;
  /** Scale division d, kg. */
  readonly divisionKg: number;
  /** Smallest dose in divisions (DOMAIN 4: 20 main, 50 micro). */
  readonly minimumDivisions: number;
  /** Default tolerance: the larger of a share of the target and a mass (DOMAIN 4). */
  readonly tolerancePct: number;
  readonly toleranceKg: number;
  readonly settleS: number;
  /** The gate that empties it. */
  readonly dischargeGate: string;
}

export type BinKind =
  | 'pit'
  | 'silo'
  | 'hopper'
  | 'dosing'
  | 'micro'
  | 'tank'
  | 'surge'
  | 'press'
  | 'finished';

export interface BinSettings {
  readonly kind: BinKind;
  readonly capacityKg: number;
  readonly highPct: number;
  readonly lowPct: number;
  /** Material code it is meant for, or null (hoppers, surge, finished). */
  readonly material: string | null;
  readonly lot: string | null;
  /** Content when the simulated mill is new and its stock book is opened, kg. */
  readonly initialKg: number;
  /** First in, first out, or lots that mix on the way out (DOMAIN 4); mass flow without it. */
  readonly flow?: 'mass' | 'funnel';
  /** The drive that knocks or shakes it when its product hangs; absent: it has none. */
  readonly knocker?: string;
}

export interface MixerSettings extends DriveSettings {
  readonly capacityKg: number;
  readonly dischargeGate: string;
  readonly dryMixS: number;
  readonly wetMixS: number;
  readonly dischargeS: number;
}

export interface HammerMillSettings extends DriveSettings {
  readonly feeder: string;
  /** Motor load the feeder control holds, % of full load (DOMAIN 4: 90). */
  readonly loadSetPct: number;
}

export interface PressSettings extends DriveSettings {
  readonly feeder: string;
  readonly conditioner: string;
  readonly loadSetPct: number;
  /** Highest conditioner temperature before an alarm, degC. */
  readonly conditionerHighC: number;
}

export interface CoolerSettings {
  readonly fan: string;
  /** What its bed weighs at a level of 100 %, and how deep it is there, m. */
  readonly bedKg: number;
  readonly bedM: number;
  /** What its grate lets out while it discharges, t/h: more than the press makes. */
  readonly dischargeTPerH: number;
  /** Above this in the exhaust the cooler burns, degC (DOMAIN 4: 60). */
  readonly exhaustHighC: number;
}

export interface BaggerSettings {
  readonly bagKg: number;
  readonly bagsPerHour: number;
  readonly divisionKg: number;
}

/**
 * Crumbler: two rolls, their gap set for the size of the crumbs (DOMAIN 4: 1-3 mm), and a flap that
 * leads pellets past them.
 */
export interface CrumblerSettings extends DriveSettings {
  readonly gapMmMin: number;
  readonly gapMmMax: number;
}

/** A magnet in a drawer, or the drawer that a drum magnet drops its metal into. */
export interface MagnetSettings {
  /** The drive before or behind it: while that runs, product passes. */
  readonly passedBy: string;
  /** It must be cleaned after so many hours of product. */
  readonly cleanEveryH: number;
}

/** Coating drum with a belt weigher before it and a liquid meter behind its pump. */
export interface CoaterSettings extends DriveSettings {
  readonly liquidKgPerHMax: number;
  /** The pump whose speed lays the liquid on; null: a station of its own does. */
  readonly pump: string | null;
  /** Highest deviation of liquid from its share of the product, % (DOMAIN 4: 2). */
  readonly deviationPct: number;
}

/** A weighing terminal without a machine of ours: people or trucks put product on it. */
export interface WeigherSettings {
  readonly capacityKg: number;
  /** Scale division d, kg. */
  readonly divisionKg: number;
}

/** The light and number-plate camera of a pit or bay where trucks unload. */
export interface PitLightSettings {
  readonly pit: string;
}

/** A bag filter; its fan is a device of its own. */
export interface FilterSettings {
  readonly fan: string;
  /** Differential pressure from which its bags count as clogged, mbar. */
  readonly highMbar: number;
}

export interface BoilerSettings {
  readonly steamKgPerH: number;
  readonly pressureBar: number;
  /** Below this the presses lack steam, bar. */
  readonly lowBar: number;
}

export interface CompressorSettings {
  readonly ratedKw: number;
  readonly pressureBar: number;
  /** Below this gates and filters lack air, bar. */
  readonly lowBar: number;
}

/** The header that all compressors feed and every gate, slide and filter draws from. */
export interface AirNetSettings {
  readonly compressors: readonly string[];
  /** Below this nothing that air moves may be told to move, bar. */
  readonly lowBar: number;
  readonly pressureBar: number;
}

export interface EnergyMeterSettings {
  /** Current of the feed that it measures, A per phase. */
  readonly ratedAmps: number;
}

/** Outside air is blown through a silo while it is cooler and dry enough. */
export interface AerationSettings {
  readonly fan: string;
  /** The air must be so much cooler than the warmest grain, K. */
  readonly coolerK: number;
  readonly humidityPctMax: number;
}

/** Eight points in a silo (DOMAIN 4). */
export interface TemperatureCableSettings {
  readonly silo: string;
  readonly highC: number;
  /** The silo's fan and the air that it may blow; without it the silo is only watched. */
  readonly aeration?: AerationSettings;
}

export interface FlowMeterSettings {
  /** The pump whose flow it measures. */
  readonly pump: string;
  readonly kgPerHMax: number;
}

/**
 * A meter with pulses that doses one liquid into a mixer: its pump brings it, its valve lets it in.
 */
export interface DoseMeterSettings {
  readonly pump: string;
  readonly valve: string;
  readonly kgPerHMax: number;
  /** Mass of one pulse, kg: what a scale calls its division. */
  readonly kgPerPulse: number;
  /** Smallest and largest dose, kg. */
  readonly minimumKg: number;
  readonly capacityKg: number;
  /** Default tolerance: the larger of a share of the target and a mass (DOMAIN 4). */
  readonly tolerancePct: number;
  readonly toleranceKg: number;
  /** The pulses are counted out for so long after the cut, s. */
  readonly settleS: number;
}

export interface PalletiserSettings {
  readonly bagger: string;
  readonly bagsPerPallet: number;
}

export interface CheckweigherSettings {
  readonly bagger: string;
  readonly bagKg: number;
  readonly divisionKg: number;
}

export interface MetalDetectorSettings {
  readonly bagger: string;
}

export interface LoadOutSettings {
  /** Loads up to this into one compartment of a truck, kg. */
  readonly compartmentKgMax: number;
  readonly flowTPerH: number;
}

/** Settings by device type. A new device type is a key here and an entry in `device-types.ts`. */
export interface DeviceSettings {
  readonly motor: DriveSettings;
  readonly fan: DriveSettings;
  readonly conveyor: DriveSettings;
  readonly elevator: DriveSettings;
  /** A pump of fixed speed; one on a variable speed drive is a `feeder`. */
  readonly pump: DriveSettings;
  readonly feeder: FeederSettings;
  readonly gate: GateSettings;
  /** A valve for liquid, driven by air, with two limit switches; closed without power. */
  readonly valve: GateSettings;
  readonly diverter: DiverterSettings;
  /** One spout turned over many outlets: it never turns while product flows (DOMAIN 3). */
  readonly distributor: DiverterSettings;
  readonly scale: ScaleSettings;
  readonly bin: BinSettings;
  readonly mixer: MixerSettings;
  readonly hammerMill: HammerMillSettings;
  readonly press: PressSettings;
  readonly cooler: CoolerSettings;
  readonly bagger: BaggerSettings;
  readonly sieve: DriveSettings;
  readonly crumbler: CrumblerSettings;
  readonly coater: CoaterSettings;
  readonly magnet: MagnetSettings;
  readonly weighbridge: WeigherSettings;
  readonly handAdd: WeigherSettings;
  readonly pitLight: PitLightSettings;
  readonly filter: FilterSettings;
  readonly boiler: BoilerSettings;
  readonly compressor: CompressorSettings;
  readonly airNet: AirNetSettings;
  readonly energyMeter: EnergyMeterSettings;
  readonly temperatureCable: TemperatureCableSettings;
  /** The outside air, in the shade. */
  readonly weatherStation: Readonly<Record<never, never>>;
  readonly flowMeter: FlowMeterSettings;
  readonly doseMeter: DoseMeterSettings;
  readonly palletiser: PalletiserSettings;
  readonly checkweigher: CheckweigherSettings;
  readonly metalDetector: MetalDetectorSettings;
  readonly loadOut: LoadOutSettings;
  /** The warning horn and emergency stop of an area. */
  readonly safety: Readonly<Record<never, never>>;
  /** Heartbeat and safe state of the controller behind one connection. */
  readonly heartbeat: { readonly timeoutS: number };
}
