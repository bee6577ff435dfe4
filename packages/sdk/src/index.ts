// What users write with. Each export by name; nothing outside of this package imports past this file.
export { KonfigError, type Problem, type SourceLine, type SynthOutput } from '@konfig/core';
export { AppConfig, Component, type ComponentOptions } from './component';
export { type Defaults, type DefaultsOption, goodPractice } from './defaults';
export type { Duration } from './duration';
export { type InputOptions, input, type NumberInputOptions } from './input';
export type { FolderEntry, InputFiles } from './input-files';
export { CronJob, type CronJobProps, Job, type JobProps, type Schedule } from './job';
export { decodeManifest, type ManifestFile, type ManifestFiles, manifestFiles } from './manifest/files';
export type { KubernetesManifest, ManifestFields } from './manifest/make-objects';
export { Manifest, type ManifestFrom, type ManifestOptions, type ManifestProps } from './manifest/manifest';
export { type ManifestStackProps, manifestStack } from './manifest/manifest-stack';
export { type DataRead, readData } from './manifest/read-data';
export { type ManifestObject, type Manifests, readManifests } from './manifest/read-manifests';
export { moved } from './moved';
export { KubernetesObject } from './object';
export { isOutput, Output, outputOf, type Value } from './output';
export { isProject, Project, type ProjectOptions, project, type SynthOptions, type SynthResult } from './project';
export type { Cpu, Memory, Resources } from './quantity';
export { type AwsSecret, type ExecSecret, type KubernetesSecret, type SopsSecret, secret, type VaultSecret } from './secret';
export { type Exposure, Service, type ServicePort, type ServicePortProps, type ServiceProps } from './service';
export { type Given, isServiceResource, ServiceResource, type ServiceResourceProps, type ServiceType } from './service-resource';
export { type HttpServiceProps, httpService, type ServiceTarget } from './service-target';
export type { SettingOverride } from './settings/declared';
export { type Setting, type SettingOptions, type SettingPart, setting } from './settings/setting';
export type { Locate } from './source';
export { Stack, type StackOptions, stackOf } from './stack';
export { report } from './synth';
export { type Team, type TeamProps, team } from './team';
export { secretValue, terraformValue } from './terraform/values';
export { type TerraformProps, type TerraformTarget, terraform } from './terraform-target';
export { base64, expose, type JsonValue, json, text } from './values';
export type { Container, ContainerPort, ContainerSecurity, InitContainer } from './workload/container';
export type { EnvValue, PodField } from './workload/env';
export { type ConfigFile, configFile, type FileContent } from './workload/files';
export type {
  ContainerOverride,
  DeploymentOverride,
  JobOverride,
  KubernetesServiceOverride,
  MetadataOverride,
  Part,
  PodSpecOverride,
  PodTemplateOverride,
} from './workload/override';
export type { PodProps, PodSecurity, ServiceAccountProps } from './workload/pod';
export type { ExecProbe, GrpcProbe, HttpProbe, Probe, ProbeTiming, TcpProbe } from './workload/probe';
export { type Mount, type Volume, volume } from './workload/volume';
export {
  type ClusterTarget,
  embeddedCluster,
  type HealthCase,
  type HealthRule,
  type KubernetesProps,
  kubernetes,
  type OperationOptions,
  type Workspace,
  type WorkspaceProps,
  workspace,
} from './workspace';
