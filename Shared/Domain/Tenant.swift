/// A host of programmes: a city, an agency. Every row of every service belongs to one.
public enum Tenant {}

public typealias TenantID = ID<Tenant>
