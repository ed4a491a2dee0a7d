"""What tracks are called: cyclonic or not, tropical cyclones by thresholds, the phase space of cyclones."""
