// Nothing to include: the levels are reached through the tables of CKernels.
