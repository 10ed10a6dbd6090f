package org.deepliftspark.engine.importer.keras;

import io.jhdf.api.Group;

/** Where one weight lies in a weights file. */
record StoredWeight(Group group, String path) {}
