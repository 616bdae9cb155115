# Aliases only: ./run does the work. Arguments: make test ARGS="-k claim"
.PHONY: demo test check bench chaos gallery serve doctor

demo test check bench chaos gallery:
	@./run $@ $(ARGS)

serve doctor:
	@./run bridge $@ $(ARGS)
